import { checkSubject } from '../../harness/subject/check/check.ts'
import type { DescribedSubject } from '../../harness/subject/description.ts'
import { makeScratch } from '../check/scratch.ts'
import { ContractBroken } from './contract-broken.ts'

/** Throws `ContractBroken` unless a subject keeps the contract, a `MachineError`, and what `signal` was aborted with. */
export async function assertKeepsContract(
  subject: DescribedSubject,
  signal: AbortSignal,
): Promise<void> {
  const scratch = makeScratch()
  try {
    const { rules } = await checkSubject(subject, { scratch: scratch.path, signal })
    const broken = rules.find(({ kept }) => kept === false)
    if (broken !== undefined) throw new ContractBroken(broken)
  } finally {
    scratch.remove()
  }
}
