import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pointInWords } from '../kill/operations.ts'
import { everyPoint } from '../kill/point.ts'
import { runVictim } from '../kill/run-victim.ts'
import { type TraceOptions, traceWriter } from '../kill/trace.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { atomicRenameSubject, TARGET_FILE, TARGET_TMP_FILE } from '../subjects/atomic-rename.ts'

/** What the check of atomic renames came to. */
export interface RenameCheck {
  /** How many kills were delivered, and what the target held after them. */
  crashes: number
  old: number
  new: number
  /** What is wrong, in sentences; none means that renames are atomic here. */
  failures: string[]
}

/** Longer than a block each, so that a mix of the two would show. */
const OLD = `old sentinel ${'o'.repeat(5000)}`
const NEW = `new sentinel ${'n'.repeat(6000)}`

const contentOf = (directory: string): string => readFileSync(join(directory, TARGET_FILE), 'utf8')

function checkReplaced(directory: string, expected: string, failures: string[]): void {
  if (contentOf(directory) !== expected) failures.push('the target does not hold the sentinel')
  if (existsSync(join(directory, TARGET_TMP_FILE))) failures.push('the tmp is still there')
}

/**
 * Replaces a target by way of a tmp and a rename, once to its end and then killed before, within and
 * after each of its operations: the target holds the old sentinel or the new one, never a mix, and a
 * replacement after the crash takes effect. Throws `CannotJudge` and what running a victim throws.
 */
export async function checkAtomicRename(
  root: string,
  options: Omit<TraceOptions, 'subject'>,
): Promise<RenameCheck> {
  const subject = atomicRenameSubject.name
  const entries = [{ text: OLD }, { text: NEW }]
  const check: RenameCheck = { crashes: 0, old: 0, new: 0, failures: [] }
  const directory = join(root, 'rename')
  const run = (job: { entries: { text: string }[]; point?: (typeof points)[number] }) =>
    runVictim({ subject, directory, trace: false, ...job }, options)

  const operations = await traceWriter(join(root, 'counted'), entries, { ...options, subject })
  const points = everyPoint(operations.filter(({ during }) => during === 'append 2'))
  for (const point of points) {
    rmSync(directory, { recursive: true, force: true })
    mkdirSync(directory, { recursive: true })
    const where = pointInWords({ ...point })
    const end = await run({ entries, point })
    if (!end.killed || end.announced === undefined) {
      throw new CannotJudge(`the kill at ${where} was not delivered: ${end.ending}`)
    }
    check.crashes++
    const content = contentOf(directory)
    if (content === NEW) check.new++
    else if (content === OLD && end.acked < 2) check.old++
    else check.failures.push(`killed at ${where}, the target holds neither what it must nor may`)

    const after = await run({ entries: [{ text: NEW }] })
    if (!after.done) throw new CannotJudge(`after the kill at ${where}: ${after.ending}`)
    checkReplaced(directory, NEW, check.failures)
  }
  rmSync(directory, { recursive: true, force: true })
  return check
}
