import { isDeepStrictEqual } from 'node:util'
import { DIRECTORY, NO_FILES, runVictimInMemory } from '../../../subjects/wal/expected/in-memory.ts'
import { subjectNamed } from '../../../subjects/wal/expected/subject.ts'
import { RULES, type VerifyReport } from '../../../subjects/wal/verify/report.ts'
import type { ReadFiles } from '../../evidence/read-files.ts'
import type { StepRecord } from '../../evidence/types.ts'
import { concludedProblem } from '../check-concluded.ts'
import { lookedAs } from '../look-twice.ts'
import { concludeKnownGood, FIVE_ENTRIES, problemWithFive } from './conclude.ts'

type KnownGood = Extract<StepRecord, { name: 'known-good' }>

/** The folder of the known-good log, in the place of its cell. */
const FOLDER = '/known-good'

/** The report on five sound entries, but for its directory: every architecture writes the same bytes. */
export function soundReport(subjectName: string): Omit<VerifyReport, 'directory'> | null {
  const subject = subjectNamed(subjectName)
  if (subject === undefined) return null
  const { files } = runVictimInMemory(subject, NO_FILES, { entries: FIVE_ENTRIES })
  const walBytes = files.get(`${DIRECTORY}/telemetry.wal`)?.length ?? 0
  const frames = FIVE_ENTRIES.length
  const rules = Object.fromEntries(RULES.map((rule) => [rule, true]))
  return {
    schema: 'https://pullplug.dev/schemas/wal-verify/1.json',
    safeSeq: String(frames),
    safeSeqBytes: 8,
    counts: {
      frames,
      committedFrames: frames,
      corruptFrames: 0,
      phantomFrames: 0,
      walBytes,
      committedBytes: walBytes,
      bytesBeyondSafePoint: 0,
      offences: 0,
      keptFiles: 0,
    },
    maxSeq: String(frames),
    beyondSafePoint: { entries: 0, firstSeq: null, lastSeq: null, inARow: 0 },
    ...(rules as Pick<VerifyReport, (typeof RULES)[number]>),
    pass: true,
    firstOffence: null,
    offences: [],
    keptFiles: [],
  }
}

/** What of a report contradicts the rest of it; null when nothing does. */
function reportProblem(report: VerifyReport): string | null {
  const { counts, safeSeq, safeSeqBytes, pass, firstOffence } = report
  if (pass !== RULES.every((rule) => report[rule])) {
    return `wal_verify.json says ${pass ? 'pass' : 'fail'}, and its rules come to the other`
  }
  if (pass !== (firstOffence === null)) return 'wal_verify.json names an offence, or none, wrongly'
  const { offences, keptFiles } = report
  if (!isDeepStrictEqual(offences[0] ?? null, firstOffence) || counts.offences < offences.length) {
    return 'wal_verify.json lists other offences than it counts'
  }
  if (counts.keptFiles < keptFiles.length) return 'wal_verify.json lists more files than it counts'
  if ((safeSeq === null) !== (safeSeqBytes !== 8)) return 'wal_verify.json contradicts its safe_seq'
  const beyond = counts.walBytes - counts.committedBytes
  if (counts.bytesBeyondSafePoint !== beyond) return 'wal_verify.json has bytes that do not add up'
  return counts.committedFrames <= counts.frames + counts.corruptFrames
    ? null
    : 'wal_verify.json has more committed frames than frames'
}

/** The first value by name in which two reports differ; null when none does. */
function differenceFrom(one: object, other: object | null): string | null {
  for (const [name, value] of Object.entries(one)) {
    const due: unknown = other?.[name as keyof typeof other]
    if (isDeepStrictEqual(value, due)) continue
    const isNested = typeof value === 'object' && typeof due === 'object'
    return (isNested && value && due && differenceFrom(value, due)) || name
  }
  return null
}

/** What of the known-good step does not follow from the verifier's report, or the report from its entries. */
export function knownGoodProblem(step: KnownGood, { run, verifyReport }: ReadFiles): string | null {
  if (verifyReport === null) {
    const { verdict, entries, verified } = step
    return verdict === 'inconclusive' && entries === 0 && !verified
      ? null
      : `the known-good step says ${verdict} without wal_verify.json`
  }
  const problem = reportProblem(verifyReport)
  if (problem !== null) return problem
  const { directory, ...said } = verifyReport
  if (!directory.startsWith('/') || !directory.endsWith(FOLDER)) {
    return 'wal_verify.json is of another directory than the known-good log’s'
  }
  const odd = said.pass ? differenceFrom(said, soundReport(run.subject)) : null
  if (odd !== null) return `wal_verify.json has another ${odd} than the five entries give`
  const looked = lookedAs(problemWithFive(verifyReport), step)
  return concludedProblem(step, concludeKnownGood(verifyReport, looked), run)
}
