import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Crew } from '../kill/crew.ts'
import { makeDirectory } from '../kill/make-directory.ts'
import { pointInWords } from '../kill/operations.ts'
import { everyPoint, type Point } from '../kill/point.ts'
import { runVictim, type VictimOptions } from '../kill/run-victim.ts'
import { traceWriter } from '../kill/trace.ts'
import { refusalInWords } from '../kill/victim-protocol.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { together } from '../process/together.ts'
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

/** What it runs on: victims that are killed, and a crew's writers, which replace the target after the crash. */
export interface RenameCheckOptions extends Omit<VictimOptions, 'timeoutMs'> {
  crew: Crew
}

/** Longer than a block each, so that a mix of the two would show. */
const OLD = `old sentinel ${'o'.repeat(5000)}`
const NEW = `new sentinel ${'n'.repeat(6000)}`
const ENTRIES = [{ text: OLD }, { text: NEW }]

const subject = atomicRenameSubject.name
const contentOf = (directory: string): string => readFileSync(join(directory, TARGET_FILE), 'utf8')

async function replaceAgain(directory: string, where: string, crew: Crew): Promise<string[]> {
  const { outcome } = await crew.withLane(({ writer }) =>
    writer.recover({ subject, directory, append: [{ text: NEW }] }),
  )
  if ('refused' in outcome) {
    throw new CannotJudge(`after the kill at ${where}: ${refusalInWords(outcome.refused)}`)
  }
  return [
    ...(contentOf(directory) === NEW ? [] : ['the target does not hold the sentinel']),
    ...(existsSync(join(directory, TARGET_TMP_FILE)) ? ['the tmp is still there'] : []),
  ]
}

/** Kills the replacement at one point, looks at the target, and replaces it again. */
async function checkPoint(
  directory: string,
  point: Point,
  { crew, ...options }: RenameCheckOptions,
): Promise<{ held: 'old' | 'new' | 'neither'; failures: string[] }> {
  const where = pointInWords({ ...point })
  try {
    makeDirectory(directory)
    const end = await runVictim(
      { subject, directory, trace: false, entries: ENTRIES, point },
      { ...options, timeoutMs: crew.timeoutMs },
    )
    if (!end.killed || end.announced === undefined) {
      throw new CannotJudge(`the kill at ${where} was not delivered: ${end.ending}`)
    }
    const content = contentOf(directory)
    const held = content === NEW ? 'new' : content === OLD && end.acked < 2 ? 'old' : 'neither'
    const failures = await replaceAgain(directory, where, crew)
    if (held !== 'neither') return { held, failures }
    const neither = `killed at ${where}, the target holds neither what it must nor may`
    return { held, failures: [neither, ...failures] }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/**
 * Replaces a target by way of a tmp and a rename, once to its end and then killed before, within and
 * after each of its operations: the target holds the old sentinel or the new one, never a mix, and a
 * replacement after the crash takes effect. Throws `CannotJudge` and what running a victim throws.
 */
export async function checkAtomicRename(
  root: string,
  options: RenameCheckOptions,
): Promise<RenameCheck> {
  const { crew, ...rest } = options
  const operations = await traceWriter(join(root, 'counted'), ENTRIES, {
    ...rest,
    subject,
    timeoutMs: crew.timeoutMs,
  })
  const points = everyPoint(operations.filter(({ during }) => during === 'append 2'))
  const checked = await together(
    crew.size,
    points.map((point, i) => () => checkPoint(join(root, `rename-${i + 1}`), point, options)),
  )
  return {
    crashes: checked.length,
    old: checked.filter(({ held }) => held === 'old').length,
    new: checked.filter(({ held }) => held === 'new').length,
    failures: checked.flatMap(({ failures }) => failures),
  }
}
