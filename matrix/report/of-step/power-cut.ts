import type { Strip } from '../../../harness/crash-states/strip.ts'
import type { PowerCutStatesRecord } from '../../evidence/power-cut-states.ts'
import { stateReplayLine } from '../../evidence/replay-line.ts'
import type { PowerCutRecord, StepRecord } from '../../evidence/types.ts'
import { storiesOfCases } from '../derived-story.ts'
import { MAX_DRAWN_RECORDINGS } from '../limits.ts'
import type { ReportCoverage } from '../model.ts'
import { stripOfPacked } from '../strip.ts'
import { controlOf } from './control.ts'
import { type Room, type RunFiles, type StepPart, toldOf } from './part.ts'

/** The recordings that are drawn: those in which something was wrong before the others, as many as there is room for. */
function chosen({ recordings, problems }: PowerCutRecord, room: Room) {
  const rounds = new Set(problems.map(({ state }) => Number(state.split('.')[0])))
  const [bad, good] = [true, false].map((wanted) =>
    recordings.filter(({ round }) => rounds.has(round) === wanted),
  ) as [typeof recordings, typeof recordings]
  const count = Math.min(MAX_DRAWN_RECORDINGS, room.recordings)
  return [...bad, ...good].slice(0, count).sort((a, b) => a.round - b.round)
}

function strips(record: PowerCutRecord, files: RunFiles, room: Room): Strip[] {
  return chosen(record, room).flatMap((kept) => {
    const packed = files.recordings.get(kept.round)
    if (packed === undefined) return []
    room.recordings -= 1
    const seen = files.powerCutStates?.recordings.find(({ round }) => round === kept.round)
    return [stripOfPacked(packed, kept, record, seen)]
  })
}

/**
 * The different contents that the recordings showed, one recording after another: state by state where that was kept,
 * else how many there were at the end of each.
 */
function coverageOf(
  { recordings, states }: PowerCutRecord,
  seen: PowerCutStatesRecord | null,
): ReportCoverage | null {
  if (states.tried === 0) return null
  const points = [{ tried: 0, distinct: 0 }]
  let [tried, distinct] = [0, 0]
  for (const kept of recordings) {
    const contents = seen?.recordings.find(({ round }) => round === kept.round)?.contents ?? []
    let most = 0
    for (const [index, number] of contents.entries()) {
      if (number <= most) continue
      most = number
      points.push({ tried: tried + index + 1, distinct: distinct + most })
    }
    tried += kept.tried
    distinct += kept.contents
    points.push({ tried, distinct })
  }
  if (tried < states.tried) points.push({ tried: states.tried, distinct: states.contents })
  return { of: 'contents of the directory, summed over the recordings', points }
}

/** What is told of the power cuts of a run. */
export function powerCutPart(
  step: Extract<StepRecord, { name: 'power-cut' }>,
  files: RunFiles,
  room: Room,
): StepPart {
  const { powerCut: record, run, path } = files
  if (record === null) return {}
  const told = record.problems.map(({ state, what, acked, recovered, failures, notJudged }) => ({
    tier: 'power-cut' as const,
    case: state,
    what,
    acked,
    recovered,
    failures,
    notJudged,
    replay: stateReplayLine(path, state, run.subjectPath),
  }))
  const { unjudged, unconfirmed, tried } = record.states
  return {
    cases: { tried, failed: step.failed, inconclusive: unjudged + unconfirmed },
    controls: record.controls.map(controlOf),
    stories: storiesOfCases(told, toldOf(files, 'power-cut')),
    recordings: strips(record, files, room),
    coverage: coverageOf(record, files.powerCutStates),
  }
}
