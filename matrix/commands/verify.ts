import { writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { MachineError } from '../../harness/process/machine-error.ts'
import { RULES } from '../../harness/verify/report.ts'
import { verifyLog } from '../../harness/verify/verify.ts'
import { EXIT } from '../exit-code.ts'

function verify(directory: string, { out, json }: { out: string; json: boolean }): number {
  const report = verifyLog(directory)
  const text = `${JSON.stringify(report, null, 2)}\n`
  try {
    writeFileSync(out, text)
  } catch (cause) {
    const remedy = 'Choose another file with --out.'
    throw new MachineError('BROKEN', `the report cannot be written to ${out}`, remedy, { cause })
  }
  if (json) process.stdout.write(text)
  const lines = [
    ...RULES.map((rule) => `${report[rule] ? 'ok  ' : 'FAIL'} ${rule}`),
    `${report.counts.committedFrames} committed frames, safe_seq ${report.safeSeq ?? 'not readable'}`,
  ]
  const { firstOffence } = report
  if (firstOffence !== null) {
    lines.push(
      `first offence: ${firstOffence.rule} at byte ${firstOffence.offsetBytes}: ${firstOffence.detail}`,
    )
  }
  lines.push(`${report.pass ? 'pass' : 'fail'}; the report is in ${out}`)
  process.stderr.write(`${lines.join('\n')}\n`)
  return report.pass ? EXIT.pass : EXIT.fail
}

/** `pullplug verify DIR`. */
export function verifyCommand(done: (exitCode: number) => void): Command {
  return new Command('verify')
    .description('check a log’s directory as it stands, without the log’s own code')
    .argument('<dir>', 'the directory of a log')
    .option('--out <file>', 'where the report is written', 'wal_verify.json')
    .option('--json', 'the report on stdout as well', false)
    .addHelpText(
      'after',
      `
It recovers nothing: a log that is open, or that has crashed and was not reopened, can fail R5.

Examples:
  pullplug verify /var/lib/app/log
  pullplug verify --json --out /tmp/report.json /var/lib/app/log | jq .pass`,
    )
    .action((directory: string, options: { out: string; json: boolean }) =>
      done(verify(directory, options)),
    )
}
