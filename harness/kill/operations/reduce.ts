import type { CountedOperation } from '../../observed/counted-operation.ts'
import { OperationLane } from '../../observed/lane.ts'
import { CannotJudge } from '../../oracle/cannot-judge.ts'
import type { FailureName } from '../../oracle/failure.ts'
import { planKilledPart } from '../../plan/killed-history.ts'
import { type HistoryPart, readPart } from '../../plan/part-of-history.ts'
import { smallerParts, smallestPart } from '../../plan/smaller-parts.ts'
import { makeDirectories } from '../../process/make-directories.ts'
import type { Reduction } from '../../story/story.ts'
import { alikePath, askedFor } from '../../story/words.ts'
import type { DescribedSubject } from '../../subject/description.ts'
import { caseAt, type NamedResult } from './campaign.ts'
import { killAtOperation } from './kill-at-operation.ts'
import { type OperationPoint, pointsAt } from './points.ts'

export interface ReduceKillOptions {
  subject: DescribedSubject
  seed: number
  /** A folder on the file system under test, for this alone. */
  root: string
  /** How long smaller cases are tried. */
  forMs: number
  signal?: AbortSignal | undefined
}

/** So many points of a part are tried. */
const MOST_POINTS = 4
/** A smaller case must fail so often, each time from nothing, before it is told. */
const MUST_FAIL = 2

/** The points of a part that are alike with one of its history, the last ones first. */
function alikePoints(
  { moment, operation, during }: OperationPoint,
  operations: readonly CountedOperation[],
): OperationPoint[] {
  const alike = (point: OperationPoint): boolean =>
    point.moment === moment &&
    askedFor(point.during) === askedFor(during) &&
    alikePath(point.operation) === alikePath(operation)
  return pointsAt(operations).filter(alike).toReversed().slice(0, MOST_POINTS)
}

/** A smaller case, and what looking for it took. */
export interface ReducedKill {
  result: NamedResult
  reduced: Reduction
}

class Reducer {
  readonly #options: ReduceKillOptions
  readonly #lane: OperationLane
  readonly #failing: NamedResult
  readonly #name: FailureName
  tries = 0

  constructor(options: ReduceKillOptions, lane: OperationLane, failing: NamedResult) {
    this.#options = options
    this.#lane = lane
    this.#failing = failing
    this.#name = failing.failures[0]?.name as FailureName
  }

  /** The first point of a part at which it fails alike, each time; null where there is none. */
  async fails(part: HistoryPart, isOver: () => boolean): Promise<NamedResult | null> {
    const { subject, seed } = this.#options
    const planned = planKilledPart(subject.description.kind, seed, part)
    const { operations, problem } = await this.#lane.count(planned)
    if (problem !== null) return null
    for (const counted of alikePoints(this.#failing.point, operations)) {
      if (isOver()) return null
      this.tries += 1
      const result = await this.#failsSurely(planned, counted)
      if (result !== null) return { ...result, name: caseAt(part, counted), counted }
    }
    return null
  }

  async #failsSurely(planned: ReturnType<typeof planKilledPart>, counted: OperationPoint) {
    for (let times = 1; ; times++) {
      // Each time by other processes than those that found it.
      await this.#lane.talker.stop()
      const result = await killAtOperation(this.#options.subject, this.#lane, planned, counted)
      const isAlike = result.verdict === 'fail' && result.failures[0]?.name === this.#name
      if (!isAlike) return null
      if (times === MUST_FAIL) return result
    }
  }
}

/**
 * Looks for a smaller case that fails alike: a shorter part of the same history, killed at an operation of the same kind
 * at the same file. Null where none fails each time. Throws as `killAtOperation`.
 */
export async function reduceKill(
  options: ReduceKillOptions,
  failing: NamedResult,
): Promise<ReducedKill | null> {
  const { subject, root, forMs, signal } = options
  const part = readPart(failing.name)
  const { sent } = failing
  if (part === null || part.range !== null || sent < 2) return null
  const untilMs = performance.now() + forMs
  const isOver = (): boolean => performance.now() >= untilMs
  makeDirectories(root)
  const lane = await OperationLane.create({ subject, folder: root, signal })
  const reducer = new Reducer(options, lane, failing)
  try {
    const result = await smallestPart(
      smallerParts(sent, sent),
      (range) => reducer.fails({ round: part.round, range }, isOver),
      isOver,
    )
    if (result === null) return null
    const [from, to] = [
      { changes: sent, lost: 1 },
      { changes: result.sent, lost: 1 },
    ]
    return { result, reduced: { from, to, tries: reducer.tries } }
  } catch (error) {
    if (!(error instanceof CannotJudge)) throw error
    return null
  } finally {
    await lane.remove()
  }
}
