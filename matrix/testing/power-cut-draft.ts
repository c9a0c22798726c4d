import { packRecording } from '../../harness/crash-states/recording-file.ts'
import { KEPT_ROUNDS } from '../../harness/crash-states/recording-limits.ts'
import { roundOfShare } from '../../harness/crash-states/sampling.ts'
import { STATE_KINDS } from '../../harness/crash-states/state.ts'
import { statesOf } from '../../harness/crash-states/states.ts'
import { NO_CONFIRMATIONS } from '../../harness/oracle/second-look.ts'
import type { FileSystemName } from '../../harness/volume/file-systems/index.ts'
import { powerCutControls } from '../../subjects/wal/controls/power-cut.ts'
import { countStates } from '../../subjects/wal/expected/power-cut-counts.ts'
import { WORKING_DIRECTORY } from '../cells.ts'
import type { PowerCutControlRecord, PowerCutRecord } from '../evidence/types.ts'
import type { Asked, Draft } from './draft.ts'
import { syntheticRecording } from './synthetic-recording.ts'

/** How many states a run tries that has time for so many and was asked for none. */
const IN_TIME = 60
/** How many different contents the states of a recording show at most. */
const CONTENTS = 5

function controlsOf(fileSystem: FileSystemName, variant: Asked['powerCut']['ext4']) {
  return powerCutControls({ fileSystem, variant }).map((control): PowerCutControlRecord => {
    if (control.expectation === 'unseen') {
      return { ...control, caught: false, failure: null, by: null, confirmedBy: [], states: 96 }
    }
    const failure = control.name === 'no-truncation' ? 'phantom' : 'refused'
    const by = 'power cut at 29: prefix, 1 of 2 writes in flight kept'
    return { ...control, caught: true, failure, by, confirmedBy: ['loop-mount'], states: 8 }
  })
}

function nothingTried(controls: PowerCutControlRecord[]): PowerCutRecord {
  return {
    schema: 'https://pullplug.dev/schemas/power-cut/2.json',
    rounds: 0,
    entries: 0,
    states: {
      drawn: 0,
      distinct: 0,
      tried: 0,
      contents: 0,
      byKind: { prefix: 0, 'only-one': 0, 'all-but-one': 0, subset: 0, torn: 0 },
      inFull: 0,
      failed: 0,
      unconfirmed: 0,
      unjudged: 0,
    },
    confirmations: NO_CONFIRMATIONS,
    flushes: { recorded: 0, counted: 0 },
    marker: { states: 0, vanished: 0 },
    injector: { compared: 0, agreed: 0 },
    problems: [],
    controls,
    recordings: [],
  }
}

/** What cutting the power of a sound log leaves; nothing in the working directory. */
export function powerCutOf(asked: Asked, disk: string): Pick<Draft, 'powerCut' | 'recordings'> {
  const recordings = new Map<number, Uint8Array>()
  if (asked.fileSystem === WORKING_DIRECTORY) return { powerCut: null, recordings }
  const fileSystem = asked.fileSystem as FileSystemName
  const { states, exhaustive, tearBytes, ext4 } = asked.powerCut
  const variant = fileSystem === 'ext4' ? ext4 : null
  const shard = asked.shard ?? { index: 1, of: 1 }
  const record = nothingTried(controlsOf(fileSystem, variant))
  const madeAtSeconds = Date.parse(asked.startedAt) / 1000 + 30
  let left = exhaustive ? Number.POSITIVE_INFINITY : Math.ceil((states ?? IN_TIME) / shard.of)
  for (let at = 0; left > 0 && (at === 0 || !exhaustive); at++) {
    const { subject, seed } = asked
    const round = roundOfShare(shard, at)
    const what = { subject, fileSystem, variant, seed, round, tearBytes, madeAtSeconds, disk }
    const ordered = syntheticRecording(what)
    const { recording } = ordered
    const { distinct, drawn } = statesOf(recording, seed, tearBytes)
    const tried = Math.min(left, distinct.length)
    const counts = countStates(recording, distinct, tried)
    left -= tried
    record.rounds += 1
    record.entries += recording.promises.sent.length
    record.states.drawn += drawn
    record.states.distinct += distinct.length
    record.states.tried += tried
    const contents = Math.min(CONTENTS, tried)
    record.states.contents += contents
    for (const kind of STATE_KINDS) record.states.byKind[kind] += counts.byKind[kind]
    record.states.inFull += counts.inFull
    record.flushes.recorded += recording.flushes.recorded
    record.flushes.counted += recording.flushes.counted
    record.marker.states += counts.marked
    if (at === 0) record.injector = { compared: counts.compared, agreed: counts.compared }
    if (at >= KEPT_ROUNDS) continue
    record.recordings.push({ round, tried, contents })
    recordings.set(round, packRecording(ordered))
  }
  record.marker.vanished = record.marker.states
  return { powerCut: record, recordings }
}
