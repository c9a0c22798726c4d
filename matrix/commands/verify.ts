import { RULES, type VerifyReport } from '../../subjects/wal/verify/report.ts'
import { verifyLog } from '../../subjects/wal/verify/verify.ts'
import { answer, answerJson } from '../answer.ts'
import { EXIT } from '../exit-code.ts'
import { shownPath } from '../shown.ts'
import { writeFile } from '../write-file.ts'
import { command, flag, value } from './command.ts'
import { path } from './values.ts'

/** What an open would cut off, and whether a crash can have left it. */
function beyondInWords({ beyondSafePoint, counts, safeSeq }: VerifyReport): string[] {
  const { entries, firstSeq, lastSeq, inARow } = beyondSafePoint
  if (entries === 0 || safeSeq === null) return []
  const what = `beyond the safe point: ${counts.bytesBeyondSafePoint} bytes, with ${entries} entries from seq ${firstSeq} to ${lastSeq}`
  if (inARow < 2) return [what]
  return [
    what,
    `${inARow} of them follow one another, and a crash leaves one at most: safe_seq is older than the log; an open keeps them in telemetry.wal.cut-${safeSeq} before it cuts them off`,
  ]
}

function keptInWords({ keptFiles, counts }: VerifyReport): string[] {
  const lines = keptFiles.map(
    ({ name, sizeBytes }) => `kept by a recovery: ${name}, ${sizeBytes} bytes`,
  )
  const more = counts.keptFiles - keptFiles.length
  return more > 0 ? [...lines, `and ${more} more such files`] : lines
}

function describe(report: VerifyReport, out: string | undefined): string[] {
  const { firstOffence, counts } = report
  return [
    ...RULES.map((rule) => `${report[rule] ? 'ok  ' : 'FAIL'} ${rule}`),
    `${report.counts.committedFrames} committed frames, safe_seq ${report.safeSeq ?? 'not readable'}`,
    ...(firstOffence === null
      ? []
      : [
          `first of ${counts.offences} offences: ${firstOffence.rule} at byte ${firstOffence.offsetBytes}: ${firstOffence.detail}`,
        ]),
    ...beyondInWords(report),
    ...keptInWords(report),
    `${report.pass ? 'pass' : 'fail'}${out === undefined ? '' : `; the report is in ${shownPath(out)}`}`,
  ]
}

/** `pullplug verify DIR`. */
export const verify = command({
  options: {
    out: value(path, 'a file to which the report is written as well'),
    json: flag('the report itself, in place of words'),
  },
  notes: `<dir> is the directory of a log. It recovers nothing: a log that is open, or that has crashed and was not reopened, can fail R5.`,
  examples: [
    ['pullplug verify /var/lib/app/log'],
    ['pullplug verify --json /var/lib/app/log | jq .pass'],
    ['pullplug verify --out report.json /var/lib/app/log'],
  ],
  makesThings: false,
  async run({ out, json }, [directory = '']) {
    const report = verifyLog(directory)
    if (out !== undefined) {
      const text = `${JSON.stringify(report, null, 2)}\n`
      writeFile(out, text, { what: 'the report', option: '--out' })
    }
    if (json) await answerJson(report, 2)
    else await answer(describe(report, out))
    return report.pass ? EXIT.pass : EXIT.fail
  },
})
