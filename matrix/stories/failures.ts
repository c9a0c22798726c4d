import { stateNamed } from '../../harness/crash-states/losses.ts'
import { unpackRecording } from '../../harness/crash-states/recording-file.ts'
import type { Failure } from '../../harness/oracle/failure.ts'
import type { Story } from '../../harness/story/story.ts'
import type { ReadFiles } from '../evidence/read-files.ts'

/** A failure that is on record, of what has stories. */
export interface RecordedFailure {
  tier: Story['tier']
  /** By which it is run again. */
  case: string
  /** The fault in words. */
  what: string
  /** How many changes had been sent; null where that is not on record. */
  sent: number | null
  acked: number
  recovered: number | null
  failures: readonly [Failure, ...Failure[]]
  replay: string
}

export type Records = Pick<ReadFiles, 'iterations' | 'powerCut' | 'ioError'>

type Told = Omit<RecordedFailure, 'failures'> & { failures: readonly Failure[] }

const hasFailed = (told: Told): told is RecordedFailure => told.failures.length > 0

/** The failures of a run's kills, power cuts and errors of the disk that are on record, in that order. */
export function failuresOn(
  { iterations, powerCut, ioError }: Records,
  faultsInWords: (faults: ReadFiles['iterations'][number]['faults']) => string,
): RecordedFailure[] {
  const told: Told[] = [
    ...iterations
      .filter(({ verdict }) => verdict === 'fail')
      .map(({ iteration, faults, ...record }) => ({
        tier: 'kill' as const,
        case: String(iteration),
        what: faultsInWords(faults),
        sent: null,
        ...record,
      })),
    ...(powerCut?.problems ?? []).map(({ state, ...record }) => ({
      tier: 'power-cut' as const,
      case: state,
      sent: null,
      ...record,
    })),
    ...(ioError?.problems ?? []).map((record) => ({ tier: 'io-error' as const, ...record })),
  ]
  return told.filter(hasFailed)
}

/** Whether a recording that was kept has a state of such a name, such as `1.c57-l55`. */
export function hasState({ recordings }: Pick<ReadFiles, 'recordings'>, name: string): boolean {
  const [round = '', loss = ''] = name.split('.')
  const packed = recordings.get(Number(round))
  if (packed === undefined) return false
  return stateNamed(unpackRecording(packed).recording, loss) !== undefined
}
