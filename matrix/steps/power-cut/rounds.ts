import { madeAt } from '../../../harness/crash-states/made-at.ts'
import type { Recording } from '../../../harness/crash-states/recording.ts'
import {
  type OrderedRecording,
  unpackRecording,
} from '../../../harness/crash-states/recording-file.ts'
import { KEPT_ROUNDS } from '../../../harness/crash-states/recording-limits.ts'
import { roundOfShare } from '../../../harness/crash-states/sampling.ts'
import { type States, statesOf } from '../../../harness/crash-states/states.ts'
import type { ReadFiles } from '../../evidence/read-files.ts'
import type { RunRecord } from '../../evidence/types.ts'
import type { Shard } from '../../shard.ts'

/** A round whose recording was kept, and the states that it has. */
export interface KeptRound {
  round: number
  /** Counted from 0 in its share. */
  at: number
  recording: Recording
  states: States
}

/** The rounds that a share of the run made, as far as they were kept. */
export interface KeptShare {
  /** In order. */
  rounds: KeptRound[]
  /** Whether there were no others, or there may have been. */
  complete: boolean
}

/** The shares that a run's rounds were dealt out to: its shards, or itself. */
function sharesOf({ shard, shards }: RunRecord): Shard[] {
  if (shards.length === 0) return [shard ?? { index: 1, of: 1 }]
  return shards.map(({ index }) => ({ index, of: shards.length }))
}

/** A file system says when it was made in whole seconds, and clocks are put right. */
const SLACK_MS = 2000

function ageProblem(recording: Recording, { startedAt, finishedAt }: RunRecord): string | null {
  const { fileSystem, template } = recording
  const seconds = madeAt({ fileSystem, image: template })
  if (seconds === null) return null
  const atMs = seconds * 1000
  const disk = `begins with a disk that was formatted at ${new Date(atMs).toISOString()}`
  if (atMs < Date.parse(startedAt) - SLACK_MS) return `${disk}, before its run began`
  return atMs > Date.parse(finishedAt) + SLACK_MS ? `${disk}, when its run was over` : null
}

/** What a run's recordings are held against. */
export interface RecordingRules {
  /** What is wrong with the recording of a round, as the rest of a sentence about it; null when nothing is. */
  problem(ordered: OrderedRecording, round: number): string | null
  /** Whether each of the first rounds must have been kept; of some subjects, one can be too large. */
  allKept: boolean
}

/** Unpacks a recording and holds it against its run; a sentence when it is not what it must be. */
function readRound(
  { recordings }: ReadFiles,
  round: number,
  within: RunRecord,
  rules: RecordingRules,
): Omit<KeptRound, 'at'> | string {
  const name = `the recording of round ${round}`
  try {
    const ordered = unpackRecording(recordings.get(round) as Uint8Array)
    const { recording, seed, tearBytes } = ordered
    const problem = rules.problem(ordered, round) ?? ageProblem(recording, within)
    if (problem !== null) return `${name} ${problem}`
    return { round, recording, states: statesOf(recording, seed, tearBytes) }
  } catch (error) {
    return `${name} cannot be read: ${(error as Error).message}`
  }
}

const sameDisk = (one: KeptRound, other: KeptRound): boolean =>
  Buffer.compare(one.recording.template, other.recording.template) === 0

/** The first rounds of a share are kept, and later ones only for what was wrong in them. */
function shareProblem(
  { rounds }: KeptShare,
  problemRounds: ReadonlySet<number>,
  { allKept }: RecordingRules,
): string | null {
  const firsts = rounds.filter(({ at }) => at < KEPT_ROUNDS)
  const gap = firsts.findIndex(({ at }, index) => at !== index)
  if (gap !== -1 && allKept)
    return `the recording of the round before ${firsts[gap]?.round} is not there`
  const later = rounds.find(({ at, round }) => at >= KEPT_ROUNDS && !problemRounds.has(round))
  const early = rounds.length > firsts.length && firsts.length < KEPT_ROUNDS && allKept
  if (later !== undefined || early) {
    return `the recording of round ${(later ?? rounds.at(-1))?.round} was kept for nothing`
  }
  const [first] = rounds
  const stray = rounds.find((each) => first !== undefined && !sameDisk(first, each))
  return stray === undefined
    ? null
    : `the recordings of rounds ${first?.round} and ${stray.round} begin with two disks`
}

function disksProblem(shares: readonly KeptShare[]): string | null {
  const firsts = shares.flatMap(({ rounds }) => rounds.slice(0, 1))
  for (const [at, one] of firsts.entries()) {
    const other = firsts.slice(at + 1).find((each) => sameDisk(one, each))
    if (other !== undefined) {
      return `the recordings of rounds ${one.round} and ${other.round} are of two shards and begin with one disk`
    }
  }
  return null
}

/**
 * Reads every recording of a run, as the shares of it that made them; or says, in a sentence, which of
 * them is not what its run must have recorded.
 */
export function readRounds(
  files: ReadFiles,
  problemRounds: ReadonlySet<number>,
  rules: RecordingRules,
): KeptShare[] | string {
  const { run, recordings } = files
  const shares = sharesOf(run)
  const kept = shares.map((): KeptShare => ({ rounds: [], complete: true }))
  for (const round of [...recordings.keys()].sort((a, b) => a - b)) {
    const which = shares.findIndex(({ index, of }) => (round - 1) % of === index - 1)
    const share = shares[which]
    if (share === undefined) return `the recording of round ${round} is not of its shard`
    const at = (round - share.index) / share.of
    if (roundOfShare(share, at) !== round) return `there is no round ${round}`
    const read = readRound(files, round, { ...run, ...run.shards[which] }, rules)
    if (typeof read === 'string') return read
    kept[which]?.rounds.push({ ...read, at })
  }
  for (const share of kept) {
    const problem = shareProblem(share, problemRounds, rules)
    if (problem !== null) return problem
  }
  const made = files.powerCut?.rounds
  const all = rules.allKept || kept.reduce((sum, share) => sum + share.rounds.length, 0) === made
  for (const share of kept) {
    share.complete = all && share.rounds.length < KEPT_ROUNDS
  }
  return disksProblem(kept) ?? kept
}
