import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { conclude, type Draft, putRun } from '../../testing/evidence.ts'
import { failingState } from '../../testing/failing-state.ts'

/** What is wrong in an iteration that failed. */
export const LOST_ITERATION = 'entry 1 is missing'

/** An iteration that failed, and a state. */
export function failing(draft: Draft): void {
  failingState(draft)
  Object.assign(draft.powerCut?.states ?? {}, { failed: 1 })
  const failures = [{ name: 'hole' as const, detail: LOST_ITERATION }]
  const confirmation = { agreed: true, durationMs: 1 }
  Object.assign(draft.iterations[1] ?? {}, { verdict: 'fail', failures, confirmation })
  conclude(draft)
}

/** An evidence folder with a run of amd64/ext4 that failed and one of amd64/xfs that passed. */
export function putFailing(root: string): string {
  putRun(root, 'amd64/ext4', failing)
  putRun(root, 'amd64/xfs')
  return root
}

/** A folder for what every test of a file reads; `remove` is for its end. */
export function folderOfFile(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'pullplug-report-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
