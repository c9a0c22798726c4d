import type { Recording } from '../crash-states/recording.ts'
import {
  excessOf,
  KEPT_PROBLEMS,
  KEPT_RECORDINGS,
  KEPT_ROUNDS,
} from '../crash-states/recording-limits.ts'
import { isCompared, isInFull, PATIENCE_STATES, roundOfShare } from '../crash-states/sampling.ts'
import { type CrashState, type StateId, stateInWords } from '../crash-states/state.ts'
import { statesOf } from '../crash-states/states.ts'
import { sumOfConfirmations } from '../oracle/second-look.ts'
import { MAX_ROUNDS } from '../plan/power-cut.ts'
import {
  type Campaign,
  type KeptRecording,
  noCampaign,
  type SeenState,
  type StateProblem,
} from './campaign-result.ts'
import { type StateResult, whyNotJudged } from './check-state.ts'
import type { CheckRequest } from './checker.ts'
import { readsTheSame } from './compare.ts'
import type { SecondLook } from './confirm-state.ts'
import type { Rig } from './rig.ts'
import { SecondLookBudget } from './second-look-budget.ts'
import { ShownContents } from './shown-contents.ts'
import { readableWithoutMount } from './without-mount.ts'

/** How long a campaign goes on: so many states, until so many milliseconds have gone, or one whole round. */
export type Extent = { states: number } | { forMs: number } | 'exhaustive'

export interface CampaignOptions {
  subject: string
  seed: number
  extent: Extent
  /** Where a write can be torn. */
  tearBytes: number
  /** After how many states without a new content a recording is left for another one; 16 unless given. */
  patienceStates?: number
  /** Which of the rounds are made, of so many; all unless given. */
  share?: { index: number; of: number }
  onProgress?: (tried: number) => void
  /** Each state as it was tried. */
  onState?: ((state: TriedState) => void) | undefined
  /** Once it says so, no further state is tried. */
  isEnough?: (() => boolean) | undefined
  onProblem?: (problem: StateProblem) => void
}

/** A state that was tried, and what it came to. */
export interface TriedState {
  id: StateId
  /** The state in words. */
  what: string
  verdict: 'pass' | 'fail' | 'inconclusive'
}

interface NumberedRequest extends CheckRequest {
  id: StateId
  filesMounted?: ReadonlyMap<string, Uint8Array>
}

const canBeKept = (recording: Recording): boolean => excessOf(recording) === null

/** Notes what came of a state of which it is noted what it showed. */
function note({ seen }: KeptRecording, { id }: NumberedRequest, came: SeenState['came']): void {
  const { content = null } = seen[id.number - 1] ?? {}
  seen[id.number - 1] = { content, came }
}

/** Of a state that e2fsck and debugfs could not be asked about. */
const NOT_READ = { acked: 0, recovered: null, failures: [], confirmedBy: [] }

/** Cuts the power of one subject again and again. */
class CampaignRun {
  readonly #rig: Rig
  readonly #options: CampaignOptions
  readonly #deadlineMs: number
  readonly #budget = new SecondLookBudget()
  readonly #shown = new ShownContents()
  readonly #campaign: Campaign = noCampaign()

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
    const { extent, share, isEnough } = this.#options
    if (isEnough?.() === true) return true
    if ((this.#campaign.rounds + 1) * (share?.of ?? 1) > MAX_ROUNDS) return true
    if (typeof extent === 'object' && 'states' in extent) {
      return this.#campaign.tried >= extent.states
    }
    return performance.now() >= this.#deadlineMs
  }

  async #round(): Promise<void> {
    const campaign = this.#campaign
    const { seed, subject, tearBytes, extent } = this.#options
    const round = roundOfShare(this.#options.share ?? { index: 1, of: 1 }, campaign.rounds)
    campaign.rounds += 1
    const recording = await this.#rig.record(subject, this.#rig.planOf(seed, round))
    this.#rig.assertCanBeKept(recording)
    const { distinct, drawn } = statesOf(recording, seed, tearBytes)
    campaign.entries += recording.promises.sent.length
    campaign.drawn += drawn
    campaign.distinct += distinct.length
    campaign.flushes.recorded += recording.flushes.recorded
    campaign.flushes.counted += recording.flushes.counted
    const kept: KeptRecording = { recording, tried: 0, contents: 0, seen: [] }
    if (campaign.rounds <= KEPT_ROUNDS && canBeKept(recording)) campaign.recordings.push(kept)
    const left =
      typeof extent === 'object' && 'states' in extent
        ? extent.states - campaign.tried
        : distinct.length
    this.#budget.nextRecording()
    this.#shown.nextRecording()
    const requests = distinct
      .slice(0, left)
      .map((state, index) => this.#requestFor(recording, state, { round, number: index + 1 }))
    await this.#rig.checkAll(recording, requests, async (request, result) => {
      this.#count(request, result)
      let verdict: TriedState['verdict'] = 'pass'
      kept.tried += 1
      kept.seen[request.id.number - 1] = { content: result.contents, came: 'passed' }
      if (result.contents !== null && this.#shown.add(result.contents)) {
        kept.contents += 1
        campaign.contents += 1
      }
      if (result.failures.length > 0 || result.notJudged !== null) {
        verdict = await this.#tell(request, result, kept)
      } else if (request.filesMounted !== undefined) {
        await this.#compare(kept, request, request.filesMounted)
      }
      const { id, state } = request
      this.#options.onState?.({ id, what: stateInWords(state), verdict })
      if (this.#options.isEnough?.() === true) return 'enough'
      const late = performance.now() >= this.#deadlineMs
      return late || this.#showsNothingNew() ? 'this batch' : 'more'
    })
  }

  #requestFor(recording: Recording, state: CrashState, id: StateId): NumberedRequest {
    const request: NumberedRequest = { state, id, inFull: isInFull(id) }
    const compared =
      readableWithoutMount(recording) && this.#campaign.rounds === 1 && isCompared(id)
    if (compared) {
      request.onMounted = (files) => {
        request.filesMounted = files
      }
    }
    return request
  }

  #count({ state, inFull }: NumberedRequest, { markerKept }: StateResult): void {
    const campaign = this.#campaign
    campaign.tried += 1
    campaign.byKind[state.kind] += 1
    if (inFull) campaign.inFull += 1
    if (markerKept !== null) {
      campaign.marker.states += 1
      if (!markerKept) campaign.marker.vanished += 1
    }
    this.#options.onProgress?.(campaign.tried)
  }

  #showsNothingNew(): boolean {
    const { extent, patienceStates = PATIENCE_STATES } = this.#options
    return extent !== 'exhaustive' && this.#shown.statesSinceNew >= patienceStates
  }

  /** Confirms what was found, as far as that is due, counts it and keeps it. */
  async #tell(
    request: NumberedRequest,
    first: StateResult,
    kept: KeptRecording,
  ): Promise<TriedState['verdict']> {
    const campaign = this.#campaign
    note(kept, request, first.notJudged === null ? 'failed' : 'not judged')
    let result: StateResult & { confirmedBy: SecondLook[] } = { ...first, confirmedBy: [] }
    if (first.notJudged === null) {
      if (!this.#budget.take(first)) {
        campaign.unconfirmed += 1
        return 'inconclusive'
      }
      const judged = await this.#rig.confirm(kept.recording, request, first)
      const { confirmations } = campaign
      campaign.confirmations = sumOfConfirmations([confirmations, judged.confirmations])
      result = judged
    }
    const [failure] = result.failures
    if (result.notJudged === null) {
      campaign.failed += 1
      if (failure !== undefined) {
        campaign.failedAs[failure.name] = (campaign.failedAs[failure.name] ?? 0) + 1
      }
    } else {
      campaign.unjudged += 1
      note(kept, request, 'not judged')
    }
    this.#keep(request, kept, result)
    return result.notJudged === null ? 'fail' : 'inconclusive'
  }

  #keep(
    { id, state }: NumberedRequest,
    kept: KeptRecording,
    result: Pick<StateProblem, 'acked' | 'recovered' | 'failures' | 'confirmedBy' | 'notJudged'>,
  ): void {
    const campaign = this.#campaign
    const { acked, recovered, failures, confirmedBy, notJudged } = result
    if (campaign.problems.length >= KEPT_PROBLEMS) return
    if (!campaign.recordings.includes(kept) && canBeKept(kept.recording)) {
      if (campaign.recordings.length >= KEPT_RECORDINGS) return
      campaign.recordings.push(kept)
    }
    const problem: StateProblem = {
      id,
      kind: state.kind,
      state,
      what: stateInWords(state),
      acked,
      recovered,
      failures,
      confirmedBy,
      notJudged,
    }
    campaign.problems.push(problem)
    this.#options.onProblem?.(problem)
  }

  /** Holds what the kernel mounted of a state in which nothing is wrong against what e2fsck reads of it. */
  async #compare(
    kept: KeptRecording,
    request: NumberedRequest,
    mounted: ReadonlyMap<string, Uint8Array>,
  ): Promise<void> {
    const { injector } = this.#campaign
    try {
      const same = await readsTheSame(kept.recording, request.state, mounted)
      injector.compared += 1
      if (same) injector.agreed += 1
    } catch (error) {
      const notJudged = `it could not be read without the kernel: ${whyNotJudged(error)}`
      this.#campaign.unjudged += 1
      note(kept, request, 'not judged')
      this.#keep(request, kept, { ...NOT_READ, notJudged })
    }
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
