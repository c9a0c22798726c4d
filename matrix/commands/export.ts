import { toDmLogWrites } from '../../harness/crash-states/dm-log-writes.ts'
import { MAX_ROUNDS } from '../../harness/plan/power-cut.ts'
import { EXIT } from '../exit-code.ts'
import { createProgress } from '../progress.ts'
import { recordingOf } from '../recording.ts'
import { readEvidence } from '../replay.ts'
import { shownPath } from '../shown.ts'
import { writeFile } from '../write-file.ts'
import { command, required, valueOr } from './command.ts'
import { count, path } from './values.ts'

/** `pullplug export EVIDENCE_DIR`. Its answer is the file, which may be /dev/stdout. */
export const exportRecording = command({
  options: {
    dmLogWrites: required(path, 'the file to write, in the format of the kernel’s dm-log-writes'),
    round: valueOr('1', count('A round', MAX_ROUNDS), 'which recording'),
  },
  notes: `<evidence> is a run-N folder. The log begins with the disk as it was formatted (mark "template"), so it replays on an empty one; a mark "acknowledged-N" stands wherever the N-th entry was acknowledged.`,
  examples: [
    ['pullplug export evidence/amd64/ext4/run-1 --dm-log-writes run-1.log'],
    ['replay-log --log run-1.log --replay disk.img --end-mark acknowledged-3'],
  ],
  makesThings: false,
  async run({ dmLogWrites, round }, [evidence = '']) {
    const { recording } = recordingOf(readEvidence(evidence), round)
    const what = 'the log of writes'
    writeFile(dmLogWrites, toDmLogWrites(recording), { what, option: '--dm-log-writes' })
    const { length } = recording.requests
    createProgress().line(
      `${shownPath(dmLogWrites)}: ${length} writes and flushes of round ${round}`,
    )
    return EXIT.pass
  },
})
