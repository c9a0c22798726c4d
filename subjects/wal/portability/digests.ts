import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Operation } from '../../../harness/disk-subject/operations.ts'
import { runVictim } from '../../../harness/disk-subject/run-victim.ts'
import type { TraceOptions } from '../../../harness/disk-subject/trace.ts'
import { CannotJudge } from '../../../harness/oracle/cannot-judge.ts'
import { payloadsOf } from '../../../harness/plan/workload.ts'
import { hearOut } from '../../../harness/process/hear-out.ts'
import { makeDirectories } from '../../../harness/process/make-directories.ts'
import { scriptPath } from '../../../harness/process/script.ts'
import { startScript } from '../../../harness/process/start-script.ts'

/** What must be the same on every architecture and file system, as SHA-256. */
export interface PortableDigests {
  /** The iterations and payloads of a fixed list of seeds. */
  plans: string
  /** The file operations that a fixed workload made. */
  operations: string
  /** The bytes of the log that it left. */
  wal: string
  /** The bytes of its safe_seq. */
  safeSeq: string
}

/** What is written on every architecture and file system. */
export const FIXED_WORKLOAD = { seed: 1, stream: 1, entries: 20 }

const sha256 = (bytes: string | Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex')

/** The digests of what the fixed workload made and left. */
export function digestsOf(
  operations: Operation[],
  wal: Uint8Array,
  safeSeq: Uint8Array,
): Omit<PortableDigests, 'plans'> {
  return {
    operations: sha256(JSON.stringify(operations)),
    wal: sha256(wal),
    safeSeq: sha256(safeSeq),
  }
}

async function digestOfPlansThere({ runtime, timeoutMs, signal }: TraceOptions): Promise<string> {
  const script = scriptPath('subjects/wal/portability/tell-plans-digest.js')
  const running = await startScript(script, runtime)
  const { told, exitCode } = await hearOut(running, '', { timeoutMs, signal })
  if (exitCode !== 0)
    throw new CannotJudge(`the plans could not be made there: ${running.lastWords}`)
  return told
}

/**
 * Makes the plans and writes a fixed workload in `directory`, both on the runtime that is given, and
 * digests what came of it. Throws `CannotJudge`, a `MachineError`, and what `signal` was aborted with.
 */
export async function takeDigests(
  directory: string,
  options: TraceOptions,
): Promise<PortableDigests> {
  makeDirectories(directory)
  const plans = await digestOfPlansThere(options)
  const entries = payloadsOf(FIXED_WORKLOAD)
  const end = await runVictim(
    { subject: options.subject, directory, entries, trace: true },
    options,
  )
  if (!end.done) throw new CannotJudge(`the fixed workload could not be written: ${end.ending}`)
  return {
    plans,
    ...digestsOf(
      end.operations,
      readFileSync(join(directory, 'telemetry.wal')),
      readFileSync(join(directory, 'telemetry.safe_seq')),
    ),
  }
}
