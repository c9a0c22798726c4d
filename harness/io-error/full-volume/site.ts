import { CannotJudge } from '../../oracle/cannot-judge.ts'
import { planErrorHistory } from '../../plan/error-history.ts'
import { shuffledBy } from '../../plan/killed-history.ts'
import type { SubjectKind } from '../../subject/change.ts'
import type { FileSystemName } from '../../volume/file-systems/index.ts'
import type { ErrorCaseResult } from '../case-result.ts'
import {
  type ErrorSite,
  type ErrorSiteOptions,
  type ErrorSiteRow,
  type PlannedCase,
  partsOf,
} from '../error-site.ts'
import { type Keeping, makeSurely } from '../make-surely.ts'
import { orNotJudged } from '../real-case.ts'
import type { FillerRow } from './filler.ts'
import { type FullHistory, type FullScene, playFullCase, type Scarcity } from './full-case.ts'
import { FullVolume } from './full-volume.ts'
import { INODES } from './inodes.ts'
import { SPACE } from './space.ts'

/** A round's history, and what is known of it with all the space that it wants. */
interface Round {
  number: number
  planned: FullHistory
  scene: FullScene
  /** Cases that passed while it was looked for how much is enough. */
  passed: Map<string, ErrorCaseResult>
}

/** So many are tried one by one at either end, and so many between. */
const AT_AN_END = 16
const BETWEEN = 32

/** How much is left in each case: from the least that can be up to where there is enough, one by one at the ends. */
export function leftsBetween(least: number, enough: number): number[] {
  const all = Array.from({ length: Math.max(0, enough - least) }, (_, at) => least + at)
  if (all.length <= 2 * AT_AN_END + BETWEEN) return all
  const step = (all.length - 2 * AT_AN_END) / BETWEEN
  const between = Array.from({ length: BETWEEN }, (_, at) => AT_AN_END + Math.floor(at * step))
  return [
    ...all.slice(0, AT_AN_END),
    ...between.map((at) => all[at] as number),
    ...all.slice(-AT_AN_END),
  ]
}

const REOPENS = 'reopens'

/** Of so many histories, the last begins with the very first open, on a full volume. */
const FIRST_OPEN_EVERY = 4

/**
 * The history of a round. A file system may let nobody make a file long before it is full: so every other history makes
 * its files with all the space that it wants, and meets the full volume in its second opening.
 */
function planFullHistory(kind: SubjectKind, seed: number, round: number): FullHistory {
  const madeLongAgo = round % FIRST_OPEN_EVERY !== 0
  return { ...planErrorHistory(kind, seed, round), madeLongAgo, fullFrom: round % 2 }
}

/** A small volume that is full while a history is played. */
class FullSite implements ErrorSite {
  readonly #options: ErrorSiteOptions
  readonly #row: FillerRow
  readonly #volume: FullVolume
  readonly #keeping: Keeping
  #round: Round | undefined

  constructor(options: ErrorSiteOptions, row: FillerRow, volume: FullVolume) {
    this.#options = options
    this.#row = row
    this.#volume = volume
    this.#keeping = { isKept: !(options.subject.description.fresh ?? false) }
  }

  async casesOf(round: number): Promise<PlannedCase[]> {
    const { kind, unit } = this.#row
    const found = await this.#roundOf(round)
    const least = await this.#least(found)
    const lefts = leftsBetween(least, await this.#enough(found, least))
    const names = lefts.flatMap((left) => {
      const name = `${kind}-${left * unit}`
      return [name, `${name}-${REOPENS}`]
    })
    return shuffledBy(this.#options.seed, names).map((name) => ({
      name,
      inWords: this.#inWords(found.planned, this.#scarcityOf(name)),
    }))
  }

  async make(round: number, name: string): Promise<ErrorCaseResult & { what: string }> {
    const { planned, scene, passed } = await this.#roundOf(round)
    const scarcity = this.#scarcityOf(name)
    const once = (isNew: boolean): Promise<ErrorCaseResult> =>
      orNotJudged(() => playFullCase(scene, planned, scarcity, isNew))
    const result = passed.get(name) ?? (await makeSurely(once, this.#keeping))
    return { ...result, what: this.#inWords(planned, scarcity) }
  }

  async remove(): Promise<void> {
    await this.#volume.remove()
  }

  #inWords({ fullFrom }: FullHistory, { left, sequel }: Scarcity): string {
    const when = fullFrom === 0 ? 'when the history begins' : 'from the second opening on'
    const next =
      sequel === 'reopens'
        ? ', and the subject is reopened behind the change that had too little'
        : ''
    return `${this.#row.inWords(left)} ${when}${next}`
  }

  #scarcityOf(name: string): Scarcity {
    const { number, more } = partsOf(name)
    return {
      left: Math.floor(number / this.#row.unit),
      sequel: more === REOPENS ? 'reopens' : 'goes-on',
    }
  }

  /** Plays the history with all the space that it wants, twice, which must pass. Throws `CannotJudge` where it does not. */
  async #roundOf(number: number): Promise<Round> {
    if (this.#round?.number === number) return this.#round
    const { subject, seed } = this.#options
    const planned = planFullHistory(subject.description.kind, seed, number)
    const scene = { subject, volume: this.#volume, footprints: null }
    const seen: string[][] = []
    for (const _ of ['one', 'another']) {
      const footprints: string[] = []
      const { verdict, failures, reason } = await playFullCase(
        scene,
        planned,
        null,
        false,
        footprints,
      )
      const [failure] = failures
      const why = failure === undefined ? reason : `${failure.name}: ${failure.detail}`
      if (verdict !== 'pass') throw new CannotJudge(`with all the space that it wants, ${why}`)
      seen.push(footprints)
    }
    const [one = [], other = []] = seen
    const isAlike = one.length === other.length && one.every((each, at) => each === other[at])
    this.#round = {
      number,
      planned,
      scene: { ...scene, footprints: isAlike ? one : null },
      passed: new Map(),
    }
    return this.#round
  }

  /** The least that can be left, since a file system keeps some to itself. */
  async #least({ planned }: Round): Promise<number> {
    await this.#volume.prepare(planned)
    this.#volume.filler.leave(0)
    const { free } = this.#volume.filler
    this.#volume.filler.giveBack()
    return free
  }

  /** How much has to be left for the history not to meet the end of it: found by halving. */
  async #enough({ planned, scene, passed }: Round, least: number): Promise<number> {
    const { kind, unit, most } = this.#row
    const meets = async (left: number): Promise<boolean> => {
      const isNew = !this.#keeping.isKept
      const result = await orNotJudged(() =>
        playFullCase(scene, planned, { left, sequel: 'goes-on' }, isNew),
      )
      if (result.verdict === 'pass') passed.set(`${kind}-${left * unit}`, result)
      return result.delivered
    }
    let [tooLittle, enough] = [least - 1, least]
    for (let step = 1; enough < most && (await meets(enough)); step *= 2) {
      tooLittle = enough
      enough = Math.min(enough + step, most)
    }
    while (enough - tooLittle > 1) {
      const middle = Math.floor((tooLittle + enough) / 2)
      if (await meets(middle)) tooLittle = middle
      else enough = middle
    }
    return enough
  }
}

const onRow = (row: FillerRow, isOn: (fileSystem: FileSystemName) => boolean): ErrorSiteRow => ({
  kinds: [row.kind],
  isOn,
  create: async (options) => new FullSite(options, row, await FullVolume.create(options, row)),
})

export const FULL_VOLUMES = onRow(
  SPACE,
  (fileSystem) => fileSystem === 'ext4' || fileSystem === 'xfs',
)
export const NO_MORE_FILES = onRow(INODES, (fileSystem) => fileSystem === 'ext4')
