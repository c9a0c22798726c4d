import { join } from 'node:path'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import type { Failure } from '../oracle/failure.ts'
import { planPowerCut } from '../plan/power-cut.ts'
import { filesIn, type StateResult } from './check-state.ts'
import type { CheckRequest } from './checker.ts'
import { SUBJECT_DIRECTORY } from './record.ts'
import type { Recording } from './recording.ts'
import type { Rig } from './rig.ts'
import {
  type CrashState,
  STATE_KINDS,
  type StateId,
  type StateKind,
  stateInWords,
} from './state.ts'
import { statesOf } from './states.ts'
import { imageOfState } from './view.ts'
import { readableWithoutMount, withoutMount } from './without-mount.ts'

/** How long a campaign goes on: so many states, until so many milliseconds have gone, or one whole round. */
export type Extent = { states: number } | { forMs: number } | 'exhaustive'

export interface CampaignOptions {
  subject: string
  seed: number
  extent: Extent
  /** Where a write can be torn. */
  tearBytes: number
  /** Which of the rounds are made, of so many; all unless given. */
  share?: { index: number; of: number }
  onProgress?: (tried: number) => void
  onProblem?: (problem: StateProblem) => void
}

/** A state that failed, or could not be judged. */
export interface StateProblem {
  /** Which one it is. */
  id: StateId
  kind: StateKind
  /** The state in words. */
  what: string
  acked: number
  recovered: number | null
  failures: Failure[]
  notJudged: string | null
}

/** What came of cutting the power. */
export interface Campaign {
  rounds: number
  /** The entries that were written while recording. */
  entries: number
  /** States drawn, those with an image of their own, and those of them that were tried. */
  drawn: number
  distinct: number
  tried: number
  byKind: Record<StateKind, number>
  /** Those that were held against the oracle in full. */
  inFull: number
  failed: number
  /** Those that could not be judged, such as those whose file system does not mount. */
  unjudged: number
  /** The first problems. */
  problems: StateProblem[]
  flushes: { recorded: number; counted: number }
  /** In how many states the unsynced marker could have been, and in how many it was gone. */
  marker: { states: number; vanished: number }
  /** Sampled states whose files were also read without the kernel, and those where they were the same. */
  injector: { compared: number; agreed: number }
  /** The first recording, and the first ones with a problem. */
  recordings: Recording[]
}

const KEPT_PROBLEMS = 10
const KEPT_RECORDINGS = 3
const FULL_EVERY = 32

/** Whether a state is held against the oracle in full: one in 32 is, which takes five times as long. */
export function isInFull({ number }: StateId): boolean {
  return number % FULL_EVERY === 1
}

/** Every so manieth is also read without the kernel, up to so many. */
const COMPARE_EVERY = 60
const MAX_COMPARED = 8

interface NumberedRequest extends CheckRequest {
  id: StateId
  filesMounted?: Map<string, Buffer>
}

function sameFiles(a: Map<string, Buffer>, b: Map<string, Buffer>): boolean {
  return a.size === b.size && [...a].every(([name, bytes]) => b.get(name)?.equals(bytes) === true)
}

/** Cuts the power of one subject again and again. */
class CampaignRun {
  readonly #rig: Rig
  readonly #options: CampaignOptions
  readonly #deadlineMs: number
  readonly #campaign: Campaign = {
    rounds: 0,
    entries: 0,
    drawn: 0,
    distinct: 0,
    tried: 0,
    byKind: Object.fromEntries(STATE_KINDS.map((kind) => [kind, 0])) as Record<StateKind, number>,
    inFull: 0,
    failed: 0,
    unjudged: 0,
    problems: [],
    flushes: { recorded: 0, counted: 0 },
    marker: { states: 0, vanished: 0 },
    injector: { compared: 0, agreed: 0 },
    recordings: [],
  }

  constructor(rig: Rig, options: CampaignOptions) {
    this.#rig = rig
    this.#options = options
    const { extent } = options
    this.#deadlineMs =
      typeof extent === 'object' && 'forMs' in extent
        ? performance.now() + extent.forMs
        : Number.POSITIVE_INFINITY
  }

  async run(): Promise<Campaign> {
    do await this.#round()
    while (!this.#enough() && this.#options.extent !== 'exhaustive')
    return this.#campaign
  }

  #enough(): boolean {
    const { extent } = this.#options
    if (typeof extent === 'object' && 'states' in extent) {
      return this.#campaign.tried >= extent.states
    }
    return performance.now() >= this.#deadlineMs
  }

  async #round(): Promise<void> {
    const campaign = this.#campaign
    const { seed, subject, tearBytes, extent } = this.#options
    const { index, of } = this.#options.share ?? { index: 1, of: 1 }
    const round = index + of * campaign.rounds
    campaign.rounds += 1
    const recording = await this.#rig.record(subject, planPowerCut(seed, round))
    const { distinct, drawn } = statesOf(recording, seed, tearBytes)
    campaign.entries += recording.promises.sent.length
    campaign.drawn += drawn
    campaign.distinct += distinct.length
    campaign.flushes.recorded += recording.flushes.recorded
    campaign.flushes.counted += recording.flushes.counted
    if (campaign.rounds === 1) campaign.recordings.push(recording)
    const left =
      typeof extent === 'object' && 'states' in extent
        ? extent.states - campaign.tried
        : distinct.length
    const requests = distinct
      .slice(0, left)
      .map((state, index) => this.#requestFor(recording, state, { round, number: index + 1 }))
    await this.#rig.checkAll(recording, requests, async (request, result) => {
      this.#count(request, result, recording)
      if (request.filesMounted !== undefined) {
        await this.#compare(recording, request.state, request.filesMounted)
      }
      return performance.now() >= this.#deadlineMs ? 'enough' : 'more'
    })
  }

  #requestFor(recording: Recording, state: CrashState, id: StateId): NumberedRequest {
    const request: NumberedRequest = { state, id, inFull: isInFull(id) }
    const compared =
      readableWithoutMount(recording) &&
      this.#campaign.rounds === 1 &&
      id.number % COMPARE_EVERY === 1 &&
      id.number < COMPARE_EVERY * MAX_COMPARED
    if (compared) {
      request.onMounted = (files) => {
        request.filesMounted = files
      }
    }
    return request
  }

  #count({ state, id, inFull }: NumberedRequest, result: StateResult, recording: Recording): void {
    const campaign = this.#campaign
    campaign.tried += 1
    campaign.byKind[state.kind] += 1
    if (inFull) campaign.inFull += 1
    if (result.markerKept !== null) {
      campaign.marker.states += 1
      if (!result.markerKept) campaign.marker.vanished += 1
    }
    this.#options.onProgress?.(campaign.tried)
    const { acked, recovered, failures, notJudged } = result
    if (failures.length === 0 && notJudged === null) return
    if (notJudged === null) campaign.failed += 1
    else campaign.unjudged += 1
    if (campaign.problems.length >= KEPT_PROBLEMS) return
    if (!campaign.recordings.includes(recording)) {
      if (campaign.recordings.length >= KEPT_RECORDINGS) return
      campaign.recordings.push(recording)
    }
    const problem: StateProblem = {
      id,
      kind: state.kind,
      what: stateInWords(state),
      acked,
      recovered,
      failures,
      notJudged,
    }
    campaign.problems.push(problem)
    this.#options.onProblem?.(problem)
  }

  async #compare(recording: Recording, state: CrashState, mounted: Map<string, Buffer>) {
    const { injector } = this.#campaign
    injector.compared += 1
    const image = imageOfState(recording, state)
    const same = await withoutMount(image, {}, async (root) =>
      sameFiles(mounted, filesIn(join(root, SUBJECT_DIRECTORY))),
    ).catch((error: unknown) => {
      // The kernel mounted it.
      if (error instanceof CannotJudge) return false
      throw error
    })
    if (same) injector.agreed += 1
  }
}

/**
 * Records a subject, tries the states that the power could have left, and again with other entries,
 * as far as `extent` goes. Throws `CannotJudge`, a `MachineError`, and what the rig's signal was
 * aborted with.
 */
export async function cutPower(rig: Rig, options: CampaignOptions): Promise<Campaign> {
  return await new CampaignRun(rig, options).run()
}
