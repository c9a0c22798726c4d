import { type OrderedRecording, unpackRecording } from '../harness/power-cut/recording-file.ts'
import { MachineError } from '../harness/process/machine-error.ts'
import type { GoodRead } from './evidence/read.ts'

/** A recording from a run's evidence. Throws a `MachineError` when it was not kept. */
export function recordingOf({ recordings, path }: GoodRead, round: number): OrderedRecording {
  const packed = recordings.get(round)
  if (packed !== undefined) return unpackRecording(packed)
  const kept = [...recordings.keys()].sort((a, b) => a - b).join(', ')
  throw new MachineError(
    'MISSING',
    `${path} has no recording of round ${round}; it has ${kept === '' ? 'none' : kept}`,
    'The first round is kept, and the first ones in which something was wrong.',
  )
}
