import { linkSync, mkdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MachineError } from '../harness/process/machine-error.ts'
import { isAlive, type Owner, ownerOfThisProcess } from '../harness/process/owner.ts'

function holderOf(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Owner
  } catch {
    return undefined
  }
}

function cannotWrite(directory: string, cause: unknown): MachineError {
  return new MachineError(
    'BROKEN',
    `evidence cannot be written to ${directory}: ${(cause as Error).message}`,
    'Choose another folder with --out, or make this one writable.',
    { cause },
  )
}

/**
 * Runs `work` while this process alone holds `directory` (made if it isn't there). A lock that was
 * left by a process which has died is taken over. Throws a `MachineError` when another run holds it,
 * or when nothing can be written there.
 */
export async function withLock<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const lock = join(directory, '.lock')
  const mine = join(directory, `.lock-${process.pid}`)
  try {
    mkdirSync(directory, { recursive: true })
    writeFileSync(mine, JSON.stringify(ownerOfThisProcess()))
  } catch (cause) {
    throw cannotWrite(directory, cause)
  }
  try {
    const holder = holderOf(lock)
    if (holder === undefined || !isAlive(holder)) rmSync(lock, { force: true })
    try {
      // A link appears with its content, so that nobody ever reads half a lock.
      linkSync(mine, lock)
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cannotWrite(directory, cause)
      throw new MachineError(
        'BROKEN',
        `another run (process ${holderOf(lock)?.pid ?? 'unknown'}) is writing evidence to ${directory}`,
        'Wait for it, or give this one a folder of its own with --out.',
        { cause },
      )
    }
  } finally {
    unlinkSync(mine)
  }
  try {
    return await work()
  } finally {
    rmSync(lock, { force: true })
  }
}
