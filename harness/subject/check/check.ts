import { Adoption } from '../../process/adoption.ts'
import type { DescribedSubject } from '../description.ts'
import { CHANGES, rulesFor } from './rules.ts'
import { Broken, type Evidence, Scene, type SceneOptions } from './scene.ts'

/** One rule of the contract, and whether it is kept. */
export interface RuleCheck {
  rule: string
  /** Null where it was not tried, since one before it is broken. */
  kept: boolean | null
  /** What was seen where it is broken, in a sentence; null elsewhere. */
  detail: string | null
  /** What was sent and what came back where it is broken; null where nothing was. */
  evidence: Evidence | null
}

/** How a subject keeps the contract. */
export interface Check {
  /** Whether all rules are kept. */
  kept: boolean
  rules: RuleCheck[]
  /** What is no breach and worth knowing, in sentences. */
  notes: string[]
}

export interface CheckOptions extends Omit<SceneOptions, 'adoption'> {
  /** Is told each rule as soon as it is decided. */
  onRule?: (check: RuleCheck) => void
}

/** What the file system says where a subject has removed, replaced or locked what it was given. */
const DONE_BY_SUBJECT = ['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM', 'ELOOP', 'ENOTEMPTY']

/** The breach that an error is; throws the error where it is none. */
function asBroken(error: unknown): Broken {
  if (error instanceof Broken) return error
  const { code, message } = error as NodeJS.ErrnoException
  if (code === undefined || !DONE_BY_SUBJECT.includes(code)) throw error
  return new Broken(`its directory is not as a subject must leave it: ${message}`)
}

/**
 * Holds a subject against every rule of the contract that needs no fault, and a SIGKILL: a dialogue, another one
 * beside it, a second opening, an end, a second process, a kill right behind an acknowledgement. After a broken
 * rule the rest is not tried: it would only repeat it. Nothing that the subject started runs when it returns.
 * Throws a `MachineError`, and what `signal` was aborted with.
 */
export async function checkSubject(
  subject: DescribedSubject,
  { onRule = () => {}, ...options }: CheckOptions,
): Promise<Check> {
  const adoption = await Adoption.begin()
  const scene = new Scene(subject, { ...options, adoption }, CHANGES)
  const rules: RuleCheck[] = []
  try {
    for (const { text, holds } of rulesFor(subject.description)) {
      const check: RuleCheck = { rule: text, kept: null, detail: null, evidence: null }
      if (rules.every(({ kept }) => kept)) {
        const broken = await holds(scene).then(() => null, asBroken)
        check.kept = broken === null
        check.detail = broken?.message ?? null
        check.evidence = broken?.evidence ?? null
      }
      rules.push(check)
      onRule(check)
    }
  } finally {
    await scene.stop()
    adoption.end()
  }
  return { kept: rules.every(({ kept }) => kept), rules, notes: scene.notes }
}
