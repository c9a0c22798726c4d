import { join } from 'node:path'
import type { Subject } from '../../../harness/disk-subject/subject.ts'
import { payloadsOf } from '../../../harness/plan/workload.ts'
import { PORTABILITY_CONTROLS } from '../controls/index.ts'
import { digestsOf, FIXED_WORKLOAD, type PortableDigests } from '../portability/digests.ts'
import { PAIR_WORKLOAD, pairCrashes } from '../portability/pair.ts'
import { digestOfPlans } from '../portability/plans-digest.ts'
import { DIRECTORY, NO_FILES, runVictimInMemory, traceInMemory } from './in-memory.ts'

let plans: string | undefined

/** Whether a subject writes other bytes on a machine of another byte order than this one's. */
const turnsBytes = ({ name }: Subject): boolean =>
  PORTABILITY_CONTROLS.some(({ subject }) => subject.name === name)

/**
 * The digests that a subject must leave on every architecture and file system; null of one that has
 * none such, or writes nothing.
 */
export function expectedDigests(subject: Subject): PortableDigests | null {
  if (turnsBytes(subject)) return null
  const entries = payloadsOf(FIXED_WORKLOAD)
  const { operations, files, done } = runVictimInMemory(subject, NO_FILES, { entries })
  const wal = files.get(join(DIRECTORY, 'telemetry.wal'))
  const safeSeq = files.get(join(DIRECTORY, 'telemetry.safe_seq'))
  if (!done || wal === undefined || safeSeq === undefined) return null
  plans ??= digestOfPlans()
  return { plans, ...digestsOf(operations, wal, safeSeq) }
}

/** How many crashes each pair of architectures must have been put through. */
export function expectedPairIterations(subject: Subject): number {
  return pairCrashes(traceInMemory(subject, payloadsOf(PAIR_WORKLOAD))).length
}
