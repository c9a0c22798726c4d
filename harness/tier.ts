import type { Strip } from './crash-states/strip.ts'
import type { Failure } from './oracle/failure.ts'
import type { SubjectPromise } from './oracle/promises/index.ts'
import type { Story } from './story/story.ts'
import type { AnyControl } from './subject/controls.ts'
import type { DescribedSubject } from './subject/description.ts'
import type { FileSystemName } from './volume/file-systems/index.ts'

/** Where a tier runs: a file system that it makes a volume of, or a folder that is there. */
export type TierPlace = { fileSystem: FileSystemName } | { folder: string }

export interface TierOptions {
  subject: DescribedSubject
  place: TierPlace
  seed: number
  /** How long it goes on; each tier has a least that it does whatever the time. */
  forMs: number
  /** One case alone, by its name, in place of as many as there is time for. */
  only: string | null
  /** Every point of the first history at which a process is killed, whatever the time. Other tiers have none. */
  everyPoint: boolean
  signal: AbortSignal
  onProgress: (cases: number) => void
  /** Each case as it ends. */
  onCase?: (tried: TriedCase) => void
  /** Is asked before each case; once it says so, no further case is begun. */
  isEnough?: () => boolean
}

/** A case that was made, and what it came to. */
export interface TriedCase {
  /** By which it is run again. */
  case: string
  /** The fault in words. */
  what: string
  verdict: 'pass' | 'fail' | 'inconclusive'
}

/** A case that failed, or could not be judged. */
export interface TierProblem {
  /** By which it is run again. */
  case: string
  /** The fault in words. */
  what: string
  /** How many changes were acknowledged, and how many of those sent are there; null where that is no number. */
  acked: number
  recovered: number | null
  failures: Failure[]
  /** Why there is no verdict; null where there is one. */
  notJudged: string | null
  /** The failure told, and how many are alike with it in cause; null where it was not judged. */
  story: Story | null
}

/** A fault that must be caught, in every run: without it a pass would prove nothing. */
export interface TierControl {
  name: string
  defect: string
  caught: boolean
  failure: Failure['name'] | null
  /** What showed it, in words; null where nothing did. */
  by: string | null
  /** How often it was tried. */
  tries: number
  /** Why it need not be caught here; null where it must be. */
  unseenBecause: string | null
}

/** How a control fared; `shown` is the failure that showed it, and what did. */
export function controlResult(
  { name, defect, unseenBecause }: AnyControl,
  promise: SubjectPromise,
  tries: number,
  shown: { failure: Failure['name']; by: string } | null,
): TierControl {
  return {
    name,
    defect,
    caught: shown !== null,
    failure: shown?.failure ?? null,
    by: shown?.by ?? null,
    tries,
    unseenBecause: unseenBecause(promise),
  }
}

/** What a tier found out about a subject. */
export interface TierResult {
  cases: number
  /** How many cases there are in what was begun; null where they are without number. */
  of: number | null
  passed: number
  failed: number
  inconclusive: number
  /** How many different contents of the subject's directory were judged; null where that is not counted. */
  distinct: number | null
  /** The first failure of each cause, and the first cases that could not be judged. */
  problems: TierProblem[]
  controls: TierControl[]
  /** The first recordings and what was tried of them, for a picture, where the tier makes any. */
  strips?: Strip[]
  /** What else must be known of how it was done, in a sentence; null where nothing. */
  remark: string | null
}

/** A way of hurting any subject: how its cases are chosen, made, judged and run again. */
export interface Tier {
  name: 'kill' | 'power-cut' | 'io-error'
  title: string
  /** What is missing here for it to be run, in a sentence; null where nothing is. */
  lacks(place: TierPlace): Promise<string | null>
  /** Throws a `MachineError`, `CannotJudge`, and what the signal was aborted with. */
  run(options: TierOptions): Promise<TierResult>
}

/** A verdict with the reason why it is not a pass. */
export interface TierVerdict {
  verdict: 'pass' | 'fail' | 'inconclusive'
  reason: string | null
}

/** What the cases and the controls of a tier amount to. */
export function concludeTier(result: TierResult): TierVerdict {
  const { cases, failed, inconclusive, problems, controls } = result
  if (failed > 0) {
    const names = [...new Set(problems.flatMap(({ failures }) => failures.map(({ name }) => name)))]
    return { verdict: 'fail', reason: `${failed} of ${cases} cases failed: ${names.join(', ')}` }
  }
  const unsure = (reason: string): TierVerdict => ({ verdict: 'inconclusive', reason })
  if (inconclusive > 0) {
    const why = problems.find(({ notJudged }) => notJudged !== null)?.notJudged
    return unsure(`${inconclusive} of ${cases} cases are inconclusive: ${why}`)
  }
  if (cases === 0) return unsure('no case was tried')
  const missed = controls.find(({ caught, unseenBecause }) => !caught && unseenBecause === null)
  if (missed !== undefined) return unsure(`it missed its control ${missed.name}`)
  return { verdict: 'pass', reason: null }
}
