import { randomInt } from 'node:crypto'
import { MAX_SEED } from '../../harness/plan/stream.ts'
import { whyNotRootOfItsOwn } from '../../harness/process/user-namespace.ts'
import { answer, answerJson } from '../answer.ts'
import { EXIT, exitCodeOf } from '../exit-code.ts'
import { interruptible } from '../interrupt.ts'
import { againInNamespaces } from '../own-namespaces.ts'
import { createProgress } from '../progress.ts'
import { reportOfTest } from '../report/of-test.ts'
import { assertApart, assertPlaces, writeReports } from '../report/write.ts'
import {
  type FailedCase,
  keepLastFailures,
  type LastFailures,
  readLastFailures,
} from '../test-subject/last-failures.ts'
import { PLACE_NAMES, type PlaceName, TEMPORARY } from '../test-subject/places.ts'
import { renderTest, tierLine } from '../test-subject/render.ts'
import type { TestReport } from '../test-subject/report.ts'
import { runTest, TIERS, type TierName } from '../test-subject/run-test.ts'
import { AMOUNT, amountOf } from './amount.ts'
import { choosing, command, flag, value, valueOr } from './command.ts'
import { reporterOption } from './reporters.ts'
import { givenSubject, SUBJECT_NOTE, SUBJECT_OPTIONS } from './subject.ts'
import { UsageError } from './usage-error.ts'
import { caseName, count, namesOf, seed } from './values.ts'

const TIER_NAMES = TIERS.map(({ name }) => name)
const USUAL: readonly PlaceName[] = ['ext4', 'xfs']
const MAX_SECONDS = 86_400
const MAX_FAILURES = 1_000_000

const tiers = choosing(TIER_NAMES, (text) => namesOf(text, TIER_NAMES, 'tier') as TierName[])
const places = choosing(
  PLACE_NAMES,
  (text) => namesOf(text, PLACE_NAMES, 'file system') as PlaceName[],
)

/** Points are those of kills alone, and all of them leave nothing to choose. */
function checkEveryPoint(
  everyPoint: boolean,
  tiers: readonly TierName[],
  only: string | undefined,
): void {
  if (!everyPoint) return
  if (tiers.join() !== 'kill') throw new UsageError('--every-point is of kills: add --tier kill')
  if (only !== undefined) throw new UsageError('--every-point and --case exclude each other')
}

/** What failed last says by itself which cases they are, and of which seed. */
function checkLastFailed(given: {
  lastFailed: boolean
  everyPoint: boolean
  case: string | undefined
  seed: number | undefined
}): void {
  if (!given.lastFailed) return
  const { everyPoint, case: name, seed } = given
  const named = Object.entries({ case: name, seed, 'every-point': everyPoint || undefined })
  const [other] = named.find(([, each]) => each !== undefined) ?? []
  if (other !== undefined) throw new UsageError(`--last-failed and --${other} exclude each other`)
}

/** Those of the cases that failed which are of these tiers and file systems. Throws a `UsageError` where none is. */
function casesAsked(
  { cases }: LastFailures,
  tiers: readonly TierName[],
  fileSystems: readonly PlaceName[],
): FailedCase[] {
  const asked = cases.filter(
    ({ tier, fileSystem }) => tiers.includes(tier) && fileSystems.includes(fileSystem),
  )
  if (asked.length > 0) return asked
  const where = [...new Set(cases.map(({ tier, fileSystem }) => `${tier} on ${fileSystem}`))]
  throw new UsageError(
    `no failure of the last run is of --tier ${tiers} and --fs ${fileSystems}; there are some of ${where.join(', ')}`,
  )
}

async function tellNothingFailed({ subject, seed }: LastFailures, json: boolean): Promise<number> {
  const report: TestReport = { subject, seed, verdict: 'pass', tiers: [] }
  if (json) await answerJson(report)
  else await answer([`pass: nothing failed in the last run of ${subject}, seed ${seed}`])
  return EXIT.pass
}

/** Whether a user who is not root can hurt it there all the same, as root of namespaces of their own. */
const needsNamespaces = (fileSystems: readonly PlaceName[], orTmpdir: boolean): boolean =>
  (orTmpdir || fileSystems.includes(TEMPORARY)) &&
  process.getuid?.() !== 0 &&
  whyNotRootOfItsOwn() === null

/** `pullplug test [SUBJECT]`. */
export const test = command({
  options: {
    tier: valueOr(TIER_NAMES.join(','), tiers, 'only these ways of hurting it, with commas'),
    fs: value(
      places,
      'on these file systems, with commas; tmpdir is a folder below the temporary directory (default: ext4,xfs --or-tmpdir)',
    ),
    orTmpdir: flag('what can’t be done on one of them is done in tmpdir, if it can be there'),
    ...SUBJECT_OPTIONS,
    seed: value(seed, 'the seed of the histories and faults (default: a new one, printed)'),
    seconds: valueOr(
      '50',
      count('The number of seconds', MAX_SECONDS),
      'how long all of it may take',
    ),
    case: value(
      caseName,
      'one case alone, as a story ends with it: a kill such as 1:2-3.12b, a state such as 2.14 or 1:1-1.c57-l55, an error such as 1.12-EIO-reopens',
    ),
    everyPoint: flag(
      'kill at every point of the first history, however long it takes; with --tier kill',
    ),
    lastFailed: flag('only the cases that failed in the last run of this subject'),
    maxFailures: value(
      count('The number of failures', MAX_FAILURES),
      'begin no further case after so many failures',
    ),
    ...AMOUNT,
    reporter: reporterOption,
    json: flag('the report as JSON'),
  },
  notes: `${SUBJECT_NOTE} It first checks the contract, then kills the subject at its operations (or at moments, where they can’t be seen), cuts its power, and has its disk say no, on volumes that it makes as root. Without root it makes no volumes: it kills and fails operations in tmpdir, where user namespaces may be made and /dev/fuse is open to users, else it kills at moments; and it says what it could not do. A power cut is drawn from a recording, and each recording is a new one: --case records that history again, tries that state of it, and then the others. A failure is told as a story, one for each cause, after it was made smaller.`,
  examples: [
    ['pullplug test'],
    ['pullplug test --last-failed', 'only what failed the last time'],
    ['pullplug test --tier kill --fs ext4 --every-point', 'as long as that takes'],
    ['pullplug test --tier power-cut --fs xfs --seconds 300'],
    ['pullplug test ./store.js --kind store --promise durable', 'a module, without a description'],
    ['pullplug test ./store.json --tier kill --fs ext4 --seed 42 --case 1.12b', 'one case again'],
  ],
  makesThings: true,
  async run({ tier, seconds, everyPoint, reporter, json, ...given }, [path = '.']) {
    checkEveryPoint(everyPoint, tier, given.case)
    checkLastFailed({ ...given, everyPoint })
    assertApart(reporter)
    assertPlaces(reporter)
    const amount = amountOf(given)
    const { subject, words: subjectWords } = givenSubject(path, {
      kind: given.kind,
      promise: given.promise,
    })
    const { name } = subject.description
    const last = given.lastFailed ? readLastFailures(path, name) : null
    if (last?.cases.length === 0) return await tellNothingFailed(last, json)
    const fileSystems = given.fs ?? (last === null ? USUAL : PLACE_NAMES)
    const again = last === null ? null : casesAsked(last, tier, fileSystems)
    const { seed = last?.seed ?? randomInt(MAX_SEED + 1), case: only = null } = given
    const orTmpdir = given.orTmpdir || given.fs === undefined
    if (needsNamespaces(fileSystems, orTmpdir)) return await interruptible(againInNamespaces)
    const progress = createProgress({ amount })
    progress.line(`${name}: seed ${seed}`)
    progress.detail(`  ${tier.join(', ')} on ${fileSystems.join(', ')}, in ${seconds} s`)
    const report = await interruptible((signal) =>
      runTest({
        subject,
        subjectWords,
        tiers: tier,
        fileSystems,
        otherwise: orTmpdir ? TEMPORARY : null,
        seed,
        seconds,
        only,
        everyPoint,
        again,
        maxFailures: given.maxFailures ?? null,
        signal,
        onStart: (title) => progress.now(title),
        onProgress: (title, cases, forMs) =>
          progress.count(title, cases, { forMs: everyPoint ? null : forMs, unit: 'cases' }),
        onCase: (title, each) =>
          progress.detail(`  ${title}, case ${each.case} ${each.verdict}: ${each.what}`),
        onTier: (each) => progress.line(tierLine(each)),
      }),
    ).finally(() => progress.end())
    // One case that was asked for by its name says nothing of the others that failed.
    const notKept = only === null ? keepLastFailures(report, path) : null
    if (notKept !== null) progress.line(`${notKept}.`)
    if (reporter.length > 0) writeReports(reportOfTest(report), reporter)
    if (json) await answerJson(report)
    else await answer({ rendered: renderTest(report, { quiet: amount === 'quiet' }) })
    return exitCodeOf([report.verdict])
  },
})
