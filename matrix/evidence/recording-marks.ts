import { unpackRecording } from '../../harness/crash-states/recording-file.ts'
import { sha256 } from './files.ts'

/** What of a recording no other one has: every run formats disks of its own, whose names and times are drawn. */
export interface RecordingMarks {
  /** The SHA-256 of the disk that it begins with, and of all that was written. */
  disk: string
  writes: string
}

/** The marks of recordings. Throws as `unpackRecording` does. */
export function marksOfRecordings(packed: Iterable<Uint8Array>): RecordingMarks[] {
  return Array.from(packed, (bytes) => {
    const { recording } = unpackRecording(bytes)
    return { disk: sha256(recording.template), writes: sha256(recording.data) }
  })
}
