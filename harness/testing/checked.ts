import { type Check, checkSubject, type RuleCheck } from '../subject/check/check.ts'
import type { DescribedSubject } from '../subject/description.ts'
import { temporaryDirectory } from './temporary-directory.ts'

/** How a subject keeps the contract. */
export async function check(
  subject: DescribedSubject,
  scratch = temporaryDirectory(),
): Promise<Check> {
  return await checkSubject(subject, { scratch })
}

/** The first rule that it breaks. */
export async function firstBroken(subject: DescribedSubject): Promise<RuleCheck | undefined> {
  return (await check(subject)).rules.find(({ kept }) => kept === false)
}

/** How that is told. */
export async function sentence(subject: DescribedSubject): Promise<string | null | undefined> {
  return (await firstBroken(subject))?.detail
}
