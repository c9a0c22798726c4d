import { STATE_KINDS } from '../../../harness/crash-states/state.ts'
import {
  countStates,
  noStates,
  type StateCounts,
} from '../../../subjects/wal/expected/power-cut-counts.ts'
import type { PowerCutRecord, PowerCutSettings, RunRecord } from '../../evidence/types.ts'
import type { KeptRound, KeptShare } from './rounds.ts'

/** How many states of a round were tried: exactly so many of the first, or so many of about the first. */
interface Tried {
  round: KeptRound
  least: number
  most: number
}

const sum = (numbers: number[]): number => numbers.reduce((all, each) => all + each, 0)

/** How many states a share was asked to try; null for as many as there was time for. */
function askedOf({ states, exhaustive }: PowerCutSettings, shares: number, own: KeptShare) {
  if (exhaustive) return own.rounds[0]?.states.distinct.length ?? 0
  return states === null ? null : Math.ceil(states / shares)
}

/** A share tries whole rounds, and of its last one as many states as are left; null where that is impossible. */
function triedOf({ rounds }: KeptShare, states: number, slack: number): Tried[] | null {
  let left = states
  const tried: Tried[] = []
  for (const [at, round] of rounds.entries()) {
    const there = round.states.distinct.length
    const here = Math.min(left, there)
    if (here === 0 || (at < rounds.length - 1 && here < there)) return null
    const sure = here === there
    const [least, most] = sure ? [here, here] : [here - slack, here + slack]
    tried.push({ round, least: Math.max(0, least), most: Math.min(there, most) })
    left -= here
  }
  return left === 0 ? tried : null
}

const BATCH = 32
/** No machine has more lanes, whatever it says. */
const MOST_CPUS = 1024

/** So many states are in work when the time is over: the lanes' batches. */
const slackOf = ({ host }: RunRecord): number => BATCH * (Math.min(host.cpus, MOST_CPUS) + 1)

function counted(tried: Tried[], which: 'least' | 'most'): StateCounts {
  const all = noStates()
  for (const { round, [which]: states } of tried) {
    const { recording } = round
    const counts = countStates(recording, round.states.distinct, states)
    for (const kind of STATE_KINDS) all.byKind[kind] += counts.byKind[kind]
    all.inFull += counts.inFull
    all.marked += counts.marked
    if (round.at === 0) all.compared += counts.compared
  }
  return all
}

/** Holds a number against what it must lie between, where it is counted from states that were tried. */
function between(what: string, said: number, least: number, most: number): string | null {
  if (said >= least && said <= most) return null
  const due = least === most ? `${least}` : `between ${least} and ${most}`
  return `power-cut.json counts ${said} ${what}, and its recordings have ${due}`
}

function countsProblem(
  { states, marker, injector }: PowerCutRecord,
  tried: Tried[],
): string | null {
  const [least, most] = [counted(tried, 'least'), counted(tried, 'most')]
  const { unjudged } = states
  for (const kind of STATE_KINDS) {
    const problem = between(
      `states of the kind ${kind}`,
      states.byKind[kind],
      least.byKind[kind],
      most.byKind[kind],
    )
    if (problem !== null) return problem
  }
  return (
    between('states that were judged in full', states.inFull, least.inFull, most.inFull) ??
    between(
      'states in which the marker could have been',
      marker.states,
      least.marked - unjudged,
      most.marked,
    ) ??
    between(
      'states that were read without the kernel',
      injector.compared,
      least.compared - unjudged,
      most.compared,
    )
  )
}

/** What follows from the recordings whatever was tried of them. */
function totalsProblem(record: PowerCutRecord, shares: KeptShare[]): string | null {
  const rounds = shares.flatMap((share) => share.rounds)
  const complete = shares.every((share) => share.complete)
  const has = {
    rounds: rounds.length,
    'states that were drawn': sum(rounds.map(({ states }) => states.drawn)),
    'states with an image of their own': sum(rounds.map(({ states }) => states.distinct.length)),
    entries: sum(rounds.map(({ recording }) => recording.promises.sent.length)),
    flushes: sum(rounds.map(({ recording }) => recording.flushes.recorded)),
  }
  const said = {
    rounds: record.rounds,
    'states that were drawn': record.states.drawn,
    'states with an image of their own': record.states.distinct,
    entries: record.entries,
    flushes: record.flushes.recorded,
  }
  for (const [what, there] of Object.entries(has)) {
    const most = complete ? there : Number.POSITIVE_INFINITY
    const problem = between(what, said[what as keyof typeof said], there, most)
    if (problem !== null) return problem
  }
  return null
}

/** What of a record's counts can't be counted from the recordings beside it; null when all can. */
export function powerCutCountsProblem(
  record: PowerCutRecord,
  shares: KeptShare[],
  run: RunRecord,
): string | null {
  const totals = totalsProblem(record, shares)
  if (totals !== null) return totals
  const made = shares.filter(({ rounds }) => rounds.length > 0)
  const asked = made.map((share) => askedOf(run.powerCut, run.shard?.of ?? shares.length, share))
  const { tried } = record.states
  if (asked.every((each) => each !== null)) {
    const due = sum(asked)
    if (tried !== due) return `it was asked for ${due} states and tried ${tried}`
    const each = made.map((share, at) => (share.complete ? triedOf(share, asked[at] ?? 0, 0) : []))
    if (each.some((share) => share === null)) return 'it made other rounds than its states need'
    return made.every((share) => share.complete)
      ? countsProblem(
          record,
          each.flatMap((share) => share ?? []),
        )
      : null
  }
  const whole = made.flatMap(({ rounds }) => rounds.slice(0, -1))
  const least = sum(whole.map(({ states }) => states.distinct.length)) + made.length
  const [only, ...others] = made
  if (tried < least) return `it tried ${tried} states in rounds that have at least ${least}`
  if (only === undefined || others.length > 0 || !only.complete) return null
  const each = triedOf(only, tried, slackOf(run))
  return each === null ? 'it made other rounds than its states need' : countsProblem(record, each)
}
