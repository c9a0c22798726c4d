import { NO_CONFIRMATIONS } from '../../harness/oracle/second-look.ts'
import type { Description } from '../../harness/subject/description.ts'
import { FILE_SYSTEMS, IMAGE_BYTES } from '../../harness/volume/file-systems/index.ts'
import { PORTABILITY_CONTROLS } from '../../subjects/wal/controls/index.ts'
import { expectedControls } from '../../subjects/wal/expected/controls.ts'
import { expectedIteration } from '../../subjects/wal/expected/iteration.ts'
import { expectedDigests, expectedPairIterations } from '../../subjects/wal/expected/portability.ts'
import { subjectNamed } from '../../subjects/wal/expected/subject.ts'
import { ALIKE, crossingInWords } from '../../subjects/wal/portability/control.ts'
import type { VerifyReport } from '../../subjects/wal/verify/report.ts'
import type { LogRecord } from '../../wal/log-record.ts'
import { ENDIANNESS, statusOf, WORKING_DIRECTORY } from '../cells.ts'
import type { IoErrorRecord } from '../evidence/io-error-types.ts'
import type { PowerCutStatesRecord } from '../evidence/power-cut-states.ts'
import type { IterationLogRecord } from '../evidence/recorded.ts'
import { replayLine } from '../evidence/replay-line.ts'
import type {
  IterationRecord,
  PortabilityRecord,
  PowerCutRecord,
  PowerCutSettings,
  RunRecord,
  StepRecord,
} from '../evidence/types.ts'
import { packageVersion } from '../package-root.ts'
import { isInShard, runName, type Shard } from '../shard.ts'
import { UNMADE } from '../steps/io-error/conclude.ts'
import { planOf } from '../steps/kill/plan.ts'
import { soundReport } from '../steps/known-good/check.ts'
import { conclude } from './conclude-draft.ts'
import { ioErrorOf } from './io-error-draft.ts'
import { powerCutOf } from './power-cut-draft.ts'

export const COMMIT = '0123456789abcdef0123456789abcdef01234567'
export const NOW = new Date('2026-01-02T12:00:00Z')

/** What a run is asked for, and where it runs. */
export interface Asked {
  arch: string
  fileSystem: string
  run: number
  subject: string
  seed: number
  /** Null for every point. */
  iterations: number | null
  powerCut: PowerCutSettings
  errorCases: number | null
  shard: Shard | null
  startedAt: string
  finishedAt: string
  /** The architecture of the machine that emulates it; null where it runs natively. */
  emulatedOn: string | null
  /** The other architectures that are at hand: the machine's own where it emulates, unless given. */
  peers: string[]
}

/** All that a run leaves. A test makes one thing of it wrong before it is written. */
export interface Draft {
  run: RunRecord
  kill: Extract<StepRecord, { name: 'kill' }>
  iterations: IterationRecord[]
  logRecords: (IterationLogRecord & { iteration: number })[]
  verifyReport: VerifyReport | null
  portability: PortabilityRecord | null
  powerCut: PowerCutRecord | null
  ioError: IoErrorRecord | null
  recordings: Map<number, Uint8Array>
  /** What each state showed; not kept unless given. */
  powerCutStates?: PowerCutStatesRecord | null
  /** What `cmd.txt` holds; the run's own line unless given. */
  command?: string
  /** What describes the subject; nothing unless given. */
  description?: Description
}

export const ASKED: Omit<Asked, 'arch' | 'fileSystem'> = {
  run: 1,
  subject: 'wal',
  seed: 7,
  iterations: 2,
  powerCut: { states: 100, exhaustive: false, tearBytes: 512, ext4: null },
  errorCases: null,
  shard: null,
  startedAt: '2026-01-02T10:59:00Z',
  finishedAt: '2026-01-02T11:00:00Z',
  emulatedOn: null,
  peers: [],
}

const placeOf = ({ arch, fileSystem, run, shard }: Asked): string =>
  `${arch}/${fileSystem}/${runName(run, shard)}`

/** Where the cell's files were: no two runs have one place. */
const rootOf = (asked: Asked): string => `/volumes/${placeOf(asked).replaceAll('/', '-')}/mnt`

function iterationsOf(asked: Asked): Pick<Draft, 'iterations' | 'logRecords'> {
  const subject = subjectNamed(asked.subject)
  if (subject === undefined) throw new Error(`there is no subject ${asked.subject}`)
  const plan = planOf(asked, subject)
  const iterations: IterationRecord[] = []
  const logRecords: Draft['logRecords'] = []
  for (let iteration = 1; iteration <= plan.due; iteration++) {
    if (!isInShard(iteration, asked.shard)) continue
    const planned = plan.at(iteration)
    const expected = planned && expectedIteration(subject, planned)
    if (!planned || !expected) throw new Error(`nothing follows of iteration ${iteration}`)
    const { records, ...came } = expected
    iterations.push({
      schema: 'https://pullplug.dev/schemas/iteration/2.json',
      iteration,
      workload: planned.workload,
      ...came,
      delivered: true,
      verdict: came.failures.length > 0 ? 'fail' : 'pass',
      reason: null,
      confirmation: came.failures.length > 0 ? { agreed: true, durationMs: 1 } : null,
      replay: replayLine(`evidence/${placeOf(asked)}`, iteration, null),
    })
    const directory = `${rootOf(asked)}/kill/iteration-${iteration}`
    const told: LogRecord[] = JSON.parse(
      JSON.stringify(records).replaceAll('/in-memory', directory),
    )
    logRecords.push(...told.map((record) => ({ iteration, ...record })))
  }
  return { iterations, logRecords }
}

function portabilityOf({ arch, subject: name, peers }: Asked): PortabilityRecord {
  const subject = subjectNamed(name)
  const digests = subject && expectedDigests(subject)
  if (!subject || !digests) throw new Error(`${name} leaves no digests`)
  const iterations = expectedPairIterations(subject)
  const pair = (writer: string, recoverer: string) => ({
    writer,
    recoverer,
    iterations,
    passed: iterations,
    verdict: 'pass' as const,
    failures: [],
    reason: null,
    confirmations: NO_CONFIRMATIONS,
  })
  const endianness = ENDIANNESS[arch] ?? 'LE'
  const other = peers.find((peer) => ENDIANNESS[peer] !== endianness)
  const seen =
    other === undefined
      ? { expectation: 'unseen' as const, caught: false, failure: null, by: null, iterations: 0 }
      : {
          expectation: 'caught' as const,
          caught: true,
          failure: 'refused' as const,
          by: crossingInWords(arch, other),
          iterations,
        }
  return {
    schema: 'https://pullplug.dev/schemas/portability/1.json',
    arch,
    endianness,
    digests,
    pairs: [pair(arch, arch), ...peers.flatMap((peer) => [pair(arch, peer), pair(peer, arch)])],
    controls: PORTABILITY_CONTROLS.map((control) => ({
      name: control.subject.name,
      defect: control.defect,
      ...seen,
      why: other === undefined ? ALIKE : null,
    })),
  }
}

function mountOf(fileSystem: string): RunRecord['mount'] {
  const known = Object.entries(FILE_SYSTEMS).find(([name]) => name === fileSystem)?.[1]
  if (known === undefined) {
    const volume = 'working-directory'
    return {
      fsType: WORKING_DIRECTORY,
      options: '',
      statfsType: '0xef53',
      volume,
      imageBytes: null,
    }
  }
  return {
    fsType: fileSystem,
    options: 'rw,relatime',
    statfsType: `0x${known.magic.toString(16)}`,
    volume: 'loop',
    imageBytes: IMAGE_BYTES,
  }
}

function runOf(asked: Asked): RunRecord {
  const { arch, fileSystem, run, subject, seed, iterations, shard, emulatedOn } = asked
  const node = 'v20.19.0'
  return {
    schema: 'https://pullplug.dev/schemas/run/4.json',
    tool: { name: 'pullplug', version: packageVersion },
    cell: { arch, fileSystem, status: statusOf(arch, fileSystem) },
    run,
    subject,
    subjectPath: null,
    commit: COMMIT,
    dirty: false,
    startedAt: asked.startedAt,
    finishedAt: asked.finishedAt,
    seed,
    iterations,
    everyPoint: iterations === null,
    powerCut: { ...asked.powerCut },
    errorCases: asked.errorCases,
    host: { platform: 'linux', arch: emulatedOn ?? arch, kernel: '6.1.0', node, cpus: 2 },
    runtime: {
      arch,
      endianness: ENDIANNESS[arch] ?? 'LE',
      node,
      qemu: emulatedOn === null ? null : '10.0.2',
    },
    emulation: emulatedOn === null ? 'none' : 'qemu-user',
    mount: mountOf(fileSystem),
    shard,
    shards: [],
    steps: [],
    verdict: 'pass',
    pass: true,
  }
}

const KILL = {
  name: 'kill',
  verdict: 'pass',
  reason: null,
  durationMs: 1,
  confirmations: NO_CONFIRMATIONS,
  iterations: 0,
  delivered: 0,
  passed: 0,
  failed: 0,
  inconclusive: 0,
} as const

/** All that a run leaves which is asked for that, computed and not run; it says what such a run says. */
export function draftOf(some: Partial<Asked> & Pick<Asked, 'arch' | 'fileSystem'>): Draft {
  const { emulatedOn = null, peers = emulatedOn === null ? [] : [emulatedOn] } = some
  const asked: Asked = { ...ASKED, ...some, peers }
  const run = runOf(asked)
  const report = soundReport(asked.subject)
  if (report === null) throw new Error(`there is no subject ${asked.subject}`)
  const draft: Draft = {
    run,
    kill: { ...KILL, controls: expectedControls().map((control) => ({ ...control })) },
    ...iterationsOf(asked),
    verifyReport: { ...report, directory: `${rootOf(asked)}/known-good` },
    portability: portabilityOf(asked),
    ...powerCutOf(asked, placeOf(asked)),
    ioError: ioErrorOf(asked),
  }
  if (draft.powerCut === null) {
    const reason = 'it needs a volume of its own'
    const skipped = { name: 'power-cut', verdict: 'skipped', reason, durationMs: 1 } as const
    run.steps[5] = {
      ...skipped,
      confirmations: NO_CONFIRMATIONS,
      states: 0,
      contents: 0,
      passed: 0,
      failed: 0,
    }
  }
  if (draft.ioError === null) {
    const reason = 'it needs a native machine'
    run.steps[6] = { ...UNMADE, verdict: 'skipped', reason, durationMs: 1 }
  }
  conclude(draft)
  return draft
}
