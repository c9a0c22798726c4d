import { lacksForPowerCuts } from '../power-cut/requirements.ts'
import type { Lack } from '../process/lack.ts'
import type { FileSystemName } from '../volume/file-systems/index.ts'
import type { ErrorExtent } from './campaign.ts'
import type { ErrorCaseResult } from './case-result.ts'
import { MET_NOTHING } from './case-result.ts'
import { DEVICE_ERRORS } from './device/site.ts'
import { type ErrorSite, type ErrorSiteOptions, type ErrorSiteRow, partsOf } from './error-site.ts'
import { FULL_VOLUMES, NO_MORE_FILES } from './full-volume/site.ts'

/** The ways in which real devices and volumes say no. */
const ROWS: readonly ErrorSiteRow[] = [DEVICE_ERRORS, FULL_VOLUMES, NO_MORE_FILES]

/** What the names of all cases begin with. */
export const REAL_ERROR_KINDS: readonly string[] = ROWS.flatMap(({ kinds }) => kinds)

/** However short the time is, each way is tried so often, as long as it has cases. */
const LEAST_EACH = 4

export interface RealErrorOptions extends ErrorSiteOptions {
  extent: ErrorExtent
  /** Once it says so, no further case is begun. */
  isEnough?: (() => boolean) | undefined
  onResult?: (result: RealErrorCase) => void
}

/** A case, the name by which it is made again, such as `1.flush-7` or `2.free-8192`, and what its error is, in words. */
export interface RealErrorCase extends ErrorCaseResult {
  name: string
  what: string
}

export interface RealErrorCampaign {
  results: RealErrorCase[]
  /** How many cases the histories have of which some were made; not those whose error met nothing. */
  planned: number
}

/** What this machine lacks for errors of a real device and volume; nothing when it can give them. */
export async function lacksForRealErrors(fileSystem: FileSystemName): Promise<Lack[]> {
  return await lacksForPowerCuts(fileSystem)
}

const splitName = (full: string): { round: number; name: string } => {
  const dot = full.indexOf('.')
  return { round: Number(full.slice(0, dot)), name: full.slice(dot + 1) }
}

/** One way, its site once it is needed, and what it has to do. */
class Way {
  readonly row: ErrorSiteRow
  readonly #options: ErrorSiteOptions
  #site: ErrorSite | undefined
  #round = 0
  #due: string[] = []
  planned = 0
  made = 0
  usedMs = 0
  /** Whether it has no more cases. */
  isOver = false

  constructor(row: ErrorSiteRow, options: ErrorSiteOptions) {
    this.row = row
    this.#options = options
  }

  /** Makes its next case; null where it has none, or where the error met nothing. Throws as its site does. */
  async makeNext(): Promise<RealErrorCase | null> {
    const startedMs = performance.now()
    try {
      const site = await this.#siteHere()
      if (this.#due.length === 0) {
        const cases = await site.casesOf(++this.#round)
        this.#due = cases.map(({ name }) => name)
        this.planned += cases.length
      }
      const name = this.#due.shift()
      if (name === undefined) {
        this.isOver = true
        return null
      }
      const result = await this.make(this.#round, name)
      // A disk does not ask the same of its device each time: there was no such request this time.
      if (result.reason === MET_NOTHING) {
        this.planned -= 1
        return null
      }
      return result
    } finally {
      this.usedMs += performance.now() - startedMs
    }
  }

  async make(round: number, name: string): Promise<RealErrorCase> {
    const site = await this.#siteHere()
    const result = await site.make(round, name)
    this.made += 1
    return { name: `${round}.${name}`, ...result }
  }

  async remove(): Promise<void> {
    await this.#site?.remove()
  }

  async #siteHere(): Promise<ErrorSite> {
    this.#site ??= await this.row.create(this.#options)
    return this.#site
  }
}

/** The one of them that has used the least time, so that each gets its share. */
function leastUsed(ways: readonly Way[]): Way | undefined {
  return ways.toSorted((a, b) => a.usedMs - b.usedMs)[0]
}

/** Undoes them all, and throws the first reason why one could not be. */
async function removeAll(ways: readonly Way[]): Promise<void> {
  const removals = await Promise.allSettled(ways.map((way) => way.remove()))
  for (const each of removals) if (each.status === 'rejected') throw each.reason
}

/**
 * Has a subject meet errors that real devices and volumes give: a device that fails a flush, a write or a read, and a
 * volume with so many bytes or files left. Returns the cases in the order in which they were made. Throws `CannotJudge`
 * where the subject does not pass without any, a `MachineError`, and what the signal was aborted with.
 */
export async function meetRealErrors(options: RealErrorOptions): Promise<RealErrorCampaign> {
  const { extent, fileSystem, signal, onResult = () => {}, isEnough } = options
  const ways = ROWS.filter(({ isOn }) => isOn(fileSystem)).map((row) => new Way(row, options))
  const results: RealErrorCase[] = []
  const tell = (result: RealErrorCase | null): void => {
    if (result === null) return
    results.push(result)
    onResult(result)
  }
  const untilMs = 'forMs' in extent ? performance.now() + extent.forMs : 0
  const isDue = ({ isOver, made }: Way): boolean =>
    isEnough?.() !== true &&
    !isOver &&
    ('cases' in extent
      ? results.length < extent.cases
      : performance.now() < untilMs || made < LEAST_EACH)
  try {
    if ('names' in extent) {
      for (const full of extent.names) {
        signal?.throwIfAborted()
        const { round, name } = splitName(full)
        const way = ways.find(({ row }) => row.kinds.includes(partsOf(name).kind))
        if (way !== undefined) tell(await way.make(round, name))
      }
    } else {
      for (let way = leastUsed(ways.filter(isDue)); way !== undefined; ) {
        signal?.throwIfAborted()
        tell(await way.makeNext())
        way = leastUsed(ways.filter(isDue))
      }
    }
    const planned = 'names' in extent ? results.length : 0
    return { results, planned: ways.reduce((sum, way) => sum + way.planned, planned) }
  } finally {
    await removeAll(ways)
  }
}
