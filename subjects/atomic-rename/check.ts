import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Crew } from '../../harness/disk-subject/crew.ts'
import type { KeptProcess } from '../../harness/disk-subject/kept-process.ts'
import { type Operation, pointInWords } from '../../harness/disk-subject/operations.ts'
import { everyPoint, type Point } from '../../harness/disk-subject/point.ts'
import { runVictim, type VictimOptions } from '../../harness/disk-subject/run-victim.ts'
import { traceWriter } from '../../harness/disk-subject/trace.ts'
import { Snapshot } from '../../harness/observed/snapshot.ts'
import { CannotJudge } from '../../harness/oracle/cannot-judge.ts'
import type { Confirmations } from '../../harness/oracle/second-look.ts'
import { refusalInWords } from '../../harness/process/error-report.ts'
import { makeDirectories } from '../../harness/process/make-directories.ts'
import { together } from '../../harness/process/together.ts'
import { HOME } from '../home.ts'
import { atomicRenameSubject, TARGET_FILE, TARGET_TMP_FILE } from './subject.ts'

/** What the check of atomic renames came to. */
export interface RenameCheck {
  /** How many kills were delivered, and what the target held after them. */
  crashes: number
  old: number
  new: number
  /** What is wrong, and was found twice, in sentences; none means that renames are atomic here. */
  failures: string[]
  /** What one look found and another did not, in sentences. */
  disagreements: string[]
  confirmations: Confirmations
}

/** What it runs on: victims that are killed, and a crew's writers, which replace the target after the crash. */
export interface RenameCheckOptions extends Omit<VictimOptions, 'timeoutMs' | 'home'> {
  crew: Crew
}

/** Longer than a block each, so that a mix of the two would show. */
const OLD = `old sentinel ${'o'.repeat(5000)}`
const NEW = `new sentinel ${'n'.repeat(6000)}`
/** The two contents, as the subject is given them. */
export const RENAME_ENTRIES = [{ text: OLD }, { text: NEW }]

/** The points of the replacement, among the operations that were counted. */
export function renamePoints(operations: Operation[]): Point[] {
  return everyPoint(operations.filter(({ during }) => during === 'append 2'))
}

/** What the target holds after a kill: the old content counts while the new one was not acknowledged. */
export function heldIn(content: string, acked: number): 'old' | 'new' | 'neither' {
  return content === NEW ? 'new' : content === OLD && acked < 2 ? 'old' : 'neither'
}

const subject = atomicRenameSubject.name

/** What the target holds; null when there is none. Throws `CannotJudge` when it can't be read. */
function contentOf(directory: string): string | null {
  try {
    return readFileSync(join(directory, TARGET_FILE), 'utf8')
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') return null
    throw new CannotJudge(`the target cannot be read: ${message}`, { cause })
  }
}

/** What the target held after a kill, and what is wrong. */
interface Look {
  held: 'old' | 'new' | 'neither'
  failures: string[]
}

async function replaceAgain(directory: string, where: string, writer: KeptProcess) {
  const append = [{ text: NEW }]
  const { outcome } = await writer.visit({ subject, directory, append })
  if ('refused' in outcome) {
    throw new CannotJudge(`after the kill at ${where}: ${refusalInWords(outcome.refused)}`)
  }
  return [
    ...(contentOf(directory) === NEW ? [] : ['the target does not hold the sentinel']),
    ...(existsSync(join(directory, TARGET_TMP_FILE)) ? ['the tmp is still there'] : []),
  ]
}

/** Looks at what a kill left, and replaces it again. */
async function lookAt(
  directory: string,
  where: string,
  acked: number,
  writer: KeptProcess,
): Promise<Look> {
  const content = contentOf(directory)
  const held = content === NEW ? 'new' : content === OLD && acked < 2 ? 'old' : 'neither'
  const failures = await replaceAgain(directory, where, writer)
  if (held !== 'neither') return { held, failures }
  const neither = `killed at ${where}, the target holds neither what it must nor may`
  return { held, failures: [neither, ...failures] }
}

/** Kills the replacement at one point, and looks at what is left: at a copy as well, if something is wrong. */
async function checkPoint(
  directory: string,
  point: Point,
  { crew, ...options }: RenameCheckOptions,
): Promise<{ look: Look; again: (Look & { durationMs: number }) | null }> {
  const where = pointInWords({ ...point })
  const copy = `${directory}-again`
  try {
    makeDirectories(directory)
    const end = await runVictim(
      { subject, directory, trace: false, entries: RENAME_ENTRIES, point },
      { ...options, home: HOME, timeoutMs: crew.timeoutMs },
    )
    if (!end.killed || end.announced === undefined) {
      throw new CannotJudge(`the kill at ${where} was not delivered: ${end.ending}`)
    }
    const left = Snapshot.take(directory)
    return await crew.withLane(async ({ writer }) => {
      const look = await lookAt(directory, where, end.acked.length, writer)
      if (look.failures.length === 0) return { look, again: null }
      const startedMs = performance.now()
      const another = writer.another()
      try {
        left.restore(copy)
        const again = await lookAt(copy, where, end.acked.length, another)
        return { look, again: { ...again, durationMs: performance.now() - startedMs } }
      } finally {
        await another.stop()
      }
    })
  } finally {
    for (const path of [directory, copy]) rmSync(path, { recursive: true, force: true })
  }
}

const agree = (look: Look, again: Look): boolean =>
  look.held === again.held && look.failures.join() === again.failures.join()

/**
 * Replaces a target by way of a tmp and a rename, once to its end and then killed before, within and
 * after each of its operations: the target holds the old sentinel or the new one, never a mix, and a
 * replacement after the crash takes effect. What is wrong must be found again by another process in a copy. Throws `CannotJudge` and what running a victim throws.
 */
export async function checkAtomicRename(
  root: string,
  options: RenameCheckOptions,
): Promise<RenameCheck> {
  const { crew, ...rest } = options
  const operations = await traceWriter(join(root, 'counted'), RENAME_ENTRIES, {
    ...rest,
    home: HOME,
    subject,
    timeoutMs: crew.timeoutMs,
  })
  const points = renamePoints(operations)
  const checked = await together(
    crew.size,
    points.map((point, i) => () => checkPoint(join(root, `rename-${i + 1}`), point, options)),
  )
  const looks = checked.map(({ look }) => look)
  const twice = checked.flatMap(({ look, again }) => (again === null ? [] : { look, again }))
  const agreed = twice.filter(({ look, again }) => agree(look, again))
  return {
    crashes: looks.length,
    old: looks.filter(({ held }) => held === 'old').length,
    new: looks.filter(({ held }) => held === 'new').length,
    failures: agreed.flatMap(({ look }) => look.failures),
    disagreements: twice
      .filter(({ look, again }) => !agree(look, again))
      .map(({ look }) => `another look did not find the same: ${look.failures.join('; ')}`),
    confirmations: {
      taken: twice.length,
      agreed: agreed.length,
      durationMs: Math.round(twice.reduce((sum, { again }) => sum + again.durationMs, 0)),
    },
  }
}
