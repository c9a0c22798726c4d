import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { commandLine } from '../evidence/command-line.ts'
import { sumsOf } from '../evidence/files.ts'
import type { StepRecord } from '../evidence/types.ts'
import { writeRun } from '../evidence/write.ts'
import type { Shard } from '../shard.ts'
import { NO_TESTS } from '../steps/wal-tests/conclude.ts'
import { type Asked, type Draft, draftOf } from './draft.ts'

export { conclude } from './conclude-draft.ts'
export { COMMIT, type Draft, draftOf, NOW } from './draft.ts'

/** A folder of its own for a test, removed after it. */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'pullplug-evidence-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Writes a draft to its place in `root`; returns its path. */
export function putDraft(root: string, draft: Draft): string {
  const { kill: _, command = commandLine(draft.run), description = null, ...files } = draft
  const { powerCutStates = null } = draft
  return writeRun(root, { ...files, command, description, powerCutStates })
}

type Change = (draft: Draft) => void
const NOTHING: Change = () => {}

/** Writes a run of `cell` (`arch/fs`) that was asked for that, good but for `change`; returns its path. */
export function putAsked(
  root: string,
  cell: string,
  asked: Partial<Asked>,
  change: Change = NOTHING,
): string {
  const [arch, fileSystem] = cell.split('/') as [string, string]
  const draft = draftOf({ ...asked, arch, fileSystem })
  change(draft)
  return putDraft(root, draft)
}

/** Writes a run of `cell`, good but for `change`; returns its path. */
export function putRun(root: string, cell: string, change: Change = NOTHING, run = 1): string {
  return putAsked(root, cell, { run }, change)
}

/** Writes a shard of a run of `cell`, good but for `change`; returns its path. */
export function putShard(
  root: string,
  cell: string,
  shard: Shard,
  change: Change = NOTHING,
): string {
  return putAsked(root, cell, { shard }, change)
}

/** A step of a draft. */
export function stepOf<N extends StepRecord['name']>(
  { run }: Draft,
  name: N,
): Extract<StepRecord, { name: N }> {
  const found = run.steps.find((each) => each.name === name)
  if (found === undefined) throw new Error('a draft has every step')
  return found as Extract<StepRecord, { name: N }>
}

/** The power-cut step of a draft. */
export const powerCutStep = (draft: Draft): Extract<StepRecord, { name: 'power-cut' }> =>
  stepOf(draft, 'power-cut')

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

/** As in an installed package, which has no tests. */
export function skipWalTests(draft: Draft): void {
  const unmade = { verdict: 'skipped', reason: NO_TESTS, passed: 0, draws: 0 }
  Object.assign(stepOf(draft, 'wal-tests'), unmade)
}

/** Writes SHA256SUMS anew over the files given, as one would who edits evidence with care. */
export function redoSums(path: string, files: ReadonlyMap<string, Uint8Array>): void {
  writeFileSync(join(path, 'SHA256SUMS'), sumsOf(files))
}
