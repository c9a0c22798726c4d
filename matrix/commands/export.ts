import { writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { toDmLogWrites } from '../../harness/power-cut/dm-log-writes.ts'
import { MachineError } from '../../harness/process/machine-error.ts'
import { EXIT } from '../exit-code.ts'
import { recordingOf } from '../recording.ts'
import { readEvidence } from '../replay.ts'
import { count } from './values.ts'

interface ExportOptions {
  dmLogWrites: string
  round?: number
}

function write(path: string, bytes: Uint8Array): void {
  try {
    writeFileSync(path, bytes)
  } catch (cause) {
    throw new MachineError(
      'BROKEN',
      `${path} cannot be written: ${(cause as Error).message}`,
      'Choose another file.',
      { cause },
    )
  }
}

/** `pullplug export EVIDENCE_DIR`. */
export function exportCommand(done: (exitCode: number) => void): Command {
  return new Command('export')
    .description('write a recorded log of writes and flushes for other tools')
    .argument('<evidence>', 'a run-N folder')
    .requiredOption('--dm-log-writes <file>', 'in the format of the kernel’s dm-log-writes')
    .option('--round <n>', 'which recording', count('A round', Number.MAX_SAFE_INTEGER), 1)
    .addHelpText(
      'after',
      `
The log begins with the disk as it was formatted (mark "template"), so it replays on an empty one; a mark
"acknowledged-N" stands wherever the N-th entry was acknowledged.

Examples:
  pullplug export evidence/amd64/ext4/run-1 --dm-log-writes run-1.log
  replay-log --log run-1.log --replay disk.img --end-mark acknowledged-3`,
    )
    .action((evidence: string, { dmLogWrites, round = 1 }: ExportOptions) => {
      const { recording } = recordingOf(readEvidence(evidence), round)
      write(dmLogWrites, toDmLogWrites(recording))
      const { length } = recording.records
      process.stderr.write(`${dmLogWrites}: ${length} writes and flushes of round ${round}\n`)
      done(EXIT.pass)
    })
}
