import { PATIENCE_STATES } from '../../../harness/crash-states/sampling.ts'
import { STATE_KINDS } from '../../../harness/crash-states/state.ts'
import {
  countStates,
  noStates,
  type StateCounts,
} from '../../../subjects/wal/expected/power-cut-counts.ts'
import type { PowerCutRecord, PowerCutSettings, RunRecord } from '../../evidence/types.ts'
import type { KeptRound, KeptShare } from './rounds.ts'

/** A round whose recording was kept, and what the record says of it. */
interface ToldRound extends KeptRound {
  tried: number
  contents: number
}

/** The rounds of a share, as far as they were kept. */
interface ToldShare {
  rounds: ToldRound[]
  /** Whether there were no others. */
  complete: boolean
}

const sum = (numbers: number[]): number => numbers.reduce((all, each) => all + each, 0)

function toldShares({ recordings }: PowerCutRecord, shares: readonly KeptShare[]): ToldShare[] {
  const told = new Map(recordings.map((each) => [each.round, each]))
  return shares.map(({ rounds, complete }) => ({
    complete,
    rounds: rounds.map((round) => {
      const { tried = 0, contents = 0 } = told.get(round.round) ?? {}
      return { ...round, tried, contents }
    }),
  }))
}

/** How many states a share was asked to try; null for as many as there was time for. */
function askedOf({ states, exhaustive }: PowerCutSettings, shares: number, own: ToldShare) {
  if (exhaustive) return own.rounds[0]?.states.distinct.length ?? 0
  return states === null ? null : Math.ceil(states / shares)
}

/** What of the number of states that were tried of a round is not what it can be; none may have come after the last one. */
function roundProblem({ round, states, tried, contents }: ToldRound, isLast: boolean) {
  const there = states.distinct.length
  if (tried > there) return `it tried ${tried} states of round ${round}, which has ${there}`
  if (tried === 0) return `it recorded round ${round} and tried no state of it`
  if (contents > tried) return `it tells ${contents} contents of ${tried} states of round ${round}`
  return isLast || tried >= Math.min(there, PATIENCE_STATES)
    ? null
    : `it left round ${round} after ${tried} states, and none is left before ${PATIENCE_STATES}`
}

function roundsProblem(shares: readonly ToldShare[]): string | null {
  for (const { rounds } of shares) {
    for (const [at, round] of rounds.entries()) {
      const problem = roundProblem(round, at === rounds.length - 1)
      if (problem !== null) return problem
    }
  }
  return null
}

/** What the states that were tried of the kept rounds come to. */
function countedIn(shares: readonly ToldShare[]): StateCounts {
  const all = noStates()
  for (const { recording, states, tried, at } of shares.flatMap(({ rounds }) => rounds)) {
    const counts = countStates(recording, states.distinct, tried)
    for (const kind of STATE_KINDS) all.byKind[kind] += counts.byKind[kind]
    all.inFull += counts.inFull
    all.marked += counts.marked
    if (at === 0) all.compared += counts.compared
  }
  return all
}

/** Holds a number against what it must lie between, where it is counted from states that were tried. */
function between(what: string, said: number, least: number, most: number): string | null {
  if (said >= least && said <= most) return null
  const due =
    most === Number.POSITIVE_INFINITY
      ? `at least ${least}`
      : least === most
        ? `${least}`
        : `between ${least} and ${most}`
  return `power-cut.json counts ${said} ${what}, and its recordings have ${due}`
}

type Count = [what: string, said: number, has: number, least?: number]

/** The first count that is not as many as the recordings have where all were kept, or fewer elsewhere. */
function countProblem(counts: readonly Count[], shares: readonly ToldShare[]): string | null {
  const complete = shares.every((share) => share.complete)
  for (const [what, said, has, least = has] of counts) {
    const problem = between(what, said, least, complete ? has : Number.POSITIVE_INFINITY)
    if (problem !== null) return problem
  }
  return null
}

/** What follows from the recordings whatever was tried of them. */
function totalsProblem(record: PowerCutRecord, shares: readonly ToldShare[]): string | null {
  const rounds = shares.flatMap((share) => share.rounds)
  const { drawn, distinct } = record.states
  const counts: Count[] = [
    ['rounds', record.rounds, rounds.length],
    ['states that were drawn', drawn, sum(rounds.map(({ states }) => states.drawn))],
    [
      'states with an image of their own',
      distinct,
      sum(rounds.map(({ states }) => states.distinct.length)),
    ],
    ['entries', record.entries, sum(rounds.map(({ recording }) => recording.promises.sent.length))],
    [
      'flushes',
      record.flushes.recorded,
      sum(rounds.map(({ recording }) => recording.flushes.recorded)),
    ],
  ]
  return countProblem(counts, shares)
}

/** What follows from the recordings and how much was tried of each. */
function triedProblem(
  { states, marker, injector }: PowerCutRecord,
  shares: readonly ToldShare[],
): string | null {
  const rounds = shares.flatMap((share) => share.rounds)
  const counted = countedIn(shares)
  const { failed, unconfirmed, unjudged } = states
  const without = (count: number, ...others: number[]): number => Math.max(0, count - sum(others))
  const counts: Count[] = [
    ['states that were tried', states.tried, sum(rounds.map(({ tried }) => tried))],
    ['different contents', states.contents, sum(rounds.map(({ contents }) => contents))],
    ...STATE_KINDS.map(
      (kind): Count => [`states of the kind ${kind}`, states.byKind[kind], counted.byKind[kind]],
    ),
    ['states that were judged in full', states.inFull, counted.inFull],
    [
      'states in which the marker could have been',
      marker.states,
      counted.marked,
      without(counted.marked, unjudged),
    ],
    [
      'states that were read without the kernel',
      injector.compared,
      counted.compared,
      // One in which a failure was found is looked at again, and not compared.
      without(counted.compared, failed, unconfirmed, unjudged),
    ],
  ]
  return countProblem(counts, shares)
}

/** What a run was asked for and did not try, or tried beyond that. */
function askedProblem(record: PowerCutRecord, shares: readonly ToldShare[], run: RunRecord) {
  // Of a share whose recordings were all too large to be kept, nothing is known.
  if (shares.some(({ rounds, complete }) => rounds.length === 0 && !complete)) return null
  const made = shares.filter(({ rounds }) => rounds.length > 0)
  const asked = made.map((share) => askedOf(run.powerCut, run.shard?.of ?? shares.length, share))
  if (asked.some((each) => each === null)) return null
  const due = sum(asked.map((each) => each ?? 0))
  const { tried } = record.states
  if (tried !== due) return `it was asked for ${due} states and tried ${tried}`
  for (const [at, share] of made.entries()) {
    const inRounds = sum(share.rounds.map((round) => round.tried))
    if (!share.complete || inRounds === asked[at]) continue
    const who = shares.length === 1 ? 'it' : `its shard ${shares.indexOf(share) + 1}`
    return `${who} tried ${inRounds} states in its rounds, and was asked for ${asked[at]}`
  }
  return null
}

/** What of a record's counts can't be counted from the recordings beside it; null when all can. */
export function powerCutCountsProblem(
  record: PowerCutRecord,
  kept: readonly KeptShare[],
  run: RunRecord,
): string | null {
  const shares = toldShares(record, kept)
  return (
    totalsProblem(record, shares) ??
    askedProblem(record, shares, run) ??
    roundsProblem(shares) ??
    triedProblem(record, shares)
  )
}
