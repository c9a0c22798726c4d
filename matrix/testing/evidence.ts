import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { statusOf } from '../cells.ts'
import { sumsOf } from '../evidence/files.ts'
import type {
  IterationRecord,
  PortabilityRecord,
  PowerCutRecord,
  RunRecord,
  StepRecord,
} from '../evidence/types.ts'
import { writeRun } from '../evidence/write.ts'
import { isInShard, type Shard } from '../shard.ts'
import { iterationOf, portabilityOf, powerCutOf, verifyReport } from './good-records.ts'

export const COMMIT = '0123456789abcdef0123456789abcdef01234567'
export const NOW = new Date('2026-01-02T12:00:00Z')

/** A folder of its own for a test, removed after it. */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'pullplug-evidence-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

export type KillStep = Extract<StepRecord, { name: 'kill' }>

/** All that a good run of a cell leaves; `change` makes one thing of it wrong before it is written. */
export interface Draft {
  run: RunRecord
  kill: KillStep
  iterations: IterationRecord[]
  verifyReport: Record<string, unknown> | null
  portability: PortabilityRecord | null
  powerCut: PowerCutRecord | null
  recordings: Map<number, Uint8Array>
}

function goodRun(arch: string, fileSystem: string, run: number): Draft {
  const cell = `${arch}/${fileSystem}`
  const step = { verdict: 'pass', reason: null, durationMs: 1 } as const
  const kill: KillStep = {
    ...step,
    name: 'kill',
    iterations: 2,
    delivered: 2,
    passed: 2,
    failed: 0,
    inconclusive: 0,
    controls: [
      {
        name: 'no-truncation',
        defect: 'recovery leaves what is beyond the safe point',
        expectation: 'caught',
        caught: true,
        failure: 'phantom',
        by: 'phantom (frame)',
        iterations: 4,
        why: null,
      },
      {
        name: 'no-sync',
        defect: 'nothing is ever synced',
        expectation: 'unseen',
        caught: false,
        failure: null,
        by: null,
        iterations: 18,
        why: 'the page cache outlives a killed process',
      },
    ],
  }
  return {
    kill,
    iterations: [iterationOf(cell, 1), iterationOf(cell, 2)],
    verifyReport,
    portability: portabilityOf(arch),
    powerCut: powerCutOf(),
    recordings: new Map([[1, Buffer.from('a recording')]]),
    run: {
      schema: 'https://pullplug.dev/schemas/run/2.json',
      tool: { name: 'pullplug', version: '0.1.0' },
      cell: { arch, fileSystem, status: statusOf(arch, fileSystem) },
      run,
      subject: 'wal',
      commit: COMMIT,
      dirty: false,
      startedAt: '2026-01-02T10:59:00Z',
      finishedAt: '2026-01-02T11:00:00Z',
      seed: 7,
      iterations: 2,
      everyPoint: false,
      powerCut: { states: null, exhaustive: false, tearBytes: 512, ext4: null },
      host: { platform: 'linux', arch, kernel: '6.1.0', node: 'v20.19.0', cpus: 2 },
      runtime: { arch, endianness: arch === 's390x' ? 'BE' : 'LE', node: 'v20.19.0', qemu: null },
      emulation: 'none',
      mount: {
        fsType: fileSystem,
        options: 'rw,relatime',
        statfsType: '0xef53',
        volume: 'loop',
        imageBytes: 1000,
      },
      shard: null,
      shards: [],
      steps: [
        { ...step, name: 'wal-tests', passed: 100, failed: 0, skipped: 0, draws: 2000 },
        kill,
        { ...step, name: 'known-good', entries: 5, verified: true },
        { ...step, name: 'atomic-rename', crashes: 15, old: 12, new: 3 },
        { ...step, name: 'portability', pairs: 1, passed: 1 },
        { ...step, name: 'power-cut', states: 100, failed: 0 },
      ],
      verdict: 'pass',
      pass: true,
    },
  }
}

/** Writes a run of `cell` (`arch/fs`), good but for `change`; returns its path. */
export function putRun(
  root: string,
  cell: string,
  change: (draft: Draft) => void = () => {},
  run = 1,
): string {
  const [arch, fileSystem] = cell.split('/') as [string, string]
  const draft = goodRun(arch, fileSystem, run)
  change(draft)
  const { iterations, verifyReport: report, portability, powerCut, recordings } = draft
  const command = `npx pullplug matrix --arch ${arch} --fs ${fileSystem} --seed 7 --iterations 2`
  return writeRun(root, {
    run: draft.run,
    command,
    verifyReport: report,
    portability,
    powerCut,
    recordings,
    iterations,
    logRecords: [],
  })
}

/** Makes a shard of a good run: its share of the iterations, and what follows from that. */
function dealOut(draft: Draft, shard: Shard): void {
  const share = draft.iterations.filter(({ iteration }) => isInShard(iteration, shard))
  draft.iterations.splice(0, Number.POSITIVE_INFINITY, ...share)
  const all = share.length
  Object.assign(draft.kill, { iterations: all, delivered: all, passed: all })
  Object.assign(draft.run, { shard })
  const [recording] = draft.recordings.values()
  Object.assign(draft.powerCut ?? {}, { recordings: [shard.index] })
  draft.recordings.clear()
  if (recording !== undefined) draft.recordings.set(shard.index, recording)
}

/** Writes a shard of a run of `cell`, good but for `change`; returns its path. */
export function putShard(
  root: string,
  cell: string,
  shard: Shard,
  change: (draft: Draft) => void = () => {},
): string {
  return putRun(root, cell, (draft) => {
    dealOut(draft, shard)
    change(draft)
  })
}

/** The power-cut step of a draft. */
export function powerCutStep({ run }: Draft): Extract<StepRecord, { name: 'power-cut' }> {
  const step = run.steps.find((each) => each.name === 'power-cut')
  if (step?.name !== 'power-cut') throw new Error('a draft has every step')
  return step
}

/** As on a machine that can't cut the power. */
export function skipPowerCut(draft: Draft): void {
  const unmade = { verdict: 'skipped', reason: 'it needs root', states: 0, failed: 0 }
  Object.assign(powerCutStep(draft), unmade)
  draft.powerCut = null
  draft.recordings.clear()
}

/** A step that did not pass, and the verdict of the run that follows from it. */
export function spoil(draft: Draft, verdict: 'fail' | 'inconclusive', reason: string): void {
  Object.assign(draft.kill, { verdict, reason })
  Object.assign(draft.run, { verdict, pass: false })
}

/** Writes SHA256SUMS anew over the files given, as one would who edits evidence with care. */
export function redoSums(path: string, files: ReadonlyMap<string, Uint8Array>): void {
  writeFileSync(join(path, 'SHA256SUMS'), sumsOf(files))
}
