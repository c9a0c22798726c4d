import { randomInt } from 'node:crypto'
import { MAX_SEED } from '../../harness/plan/stream.ts'
import { FILE_SYSTEMS, type FileSystemName } from '../../harness/volume/file-systems/index.ts'
import { answer, answerJson } from '../answer.ts'
import { exitCodeOf } from '../exit-code.ts'
import { interruptible } from '../interrupt.ts'
import { createProgress } from '../progress.ts'
import { readDescription } from '../subject/read-description.ts'
import { renderTest, tierLine } from '../test-subject/render.ts'
import { runTest, TIERS, type TierName } from '../test-subject/run-test.ts'
import { command, flag, value, valueOr } from './command.ts'
import { UsageError } from './usage-error.ts'
import { caseName, count, namesOf, seed } from './values.ts'

const TIER_NAMES = TIERS.map(({ name }) => name)
const REAL_FILE_SYSTEMS = Object.keys(FILE_SYSTEMS) as FileSystemName[]
const MAX_SECONDS = 86_400

const tiers = (text: string): TierName[] => namesOf(text, TIER_NAMES, 'tier') as TierName[]
const realFileSystems = (text: string): FileSystemName[] =>
  namesOf(text, REAL_FILE_SYSTEMS, 'file system') as FileSystemName[]

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

/** `pullplug test [SUBJECT]`. */
export const test = command({
  options: {
    tier: valueOr(TIER_NAMES.join(','), tiers, 'only these ways of hurting it, with commas'),
    fs: valueOr('ext4,xfs', realFileSystems, 'on these file systems, with commas'),
    seed: value(seed, 'the seed of the histories and faults (default: a new one, printed)'),
    seconds: valueOr(
      '50',
      count('The number of seconds', MAX_SECONDS),
      'how long all of it may take',
    ),
    case: value(
      caseName,
      'one case alone: a kill such as 1.12b, a state such as 2.14, an error such as 1.12-EIO-reopens',
    ),
    everyPoint: flag(
      'kill at every point of the first history, however long it takes; with --tier kill',
    ),
    json: flag('the report as JSON'),
  },
  notes:
    '[subject] is a description, or the folder of one; ./pullplug.json unless given. It first checks the contract, then kills the subject at its operations (or at moments, where they can’t be seen), cuts its power, and has its disk say no, on volumes that it makes. As root; without root it says what it could not do. A power cut is drawn from a recording, and each recording is a new one: --case tries the history of that state again.',
  examples: [
    ['pullplug test'],
    ['pullplug test --tier kill --fs ext4 --every-point', 'as long as that takes'],
    ['pullplug test --tier power-cut --fs xfs --seconds 300'],
    ['pullplug test ./store.json --tier kill --fs ext4 --seed 42 --case 1.12b', 'one case again'],
  ],
  makesThings: true,
  async run({ tier, fs, seconds, everyPoint, json, ...given }, [subjectPath = '.']) {
    checkEveryPoint(everyPoint, tier, given.case)
    const subject = readDescription(subjectPath)
    const progress = createProgress()
    const { seed = randomInt(MAX_SEED + 1), case: only = null } = given
    progress.line(`${subject.description.name}: seed ${seed}`)
    const report = await interruptible((signal) =>
      runTest({
        subject,
        subjectPath,
        tiers: tier,
        fileSystems: fs,
        seed,
        seconds,
        only,
        everyPoint,
        signal,
        onStart: (title) => progress.now(title),
        onProgress: (title, cases) => progress.now(`${title}: ${cases} cases`),
        onTier: (each) => progress.line(tierLine(each)),
      }),
    ).finally(() => progress.end())
    if (json) await answerJson(report)
    else await answer(renderTest(report))
    return exitCodeOf([report.verdict])
  },
})
