import { checkSubject } from '../../harness/subject/check/check.ts'
import type { DescribedSubject } from '../../harness/subject/description.ts'
import { EXIT } from '../exit-code.ts'
import { jsonText } from '../text/json-text.ts'
import { makeScratch } from './scratch.ts'
import { conclusionInWords, headingInWords, ruleInWords } from './words.ts'

export interface CheckCommand {
  subject: DescribedSubject
  /** Whether the answer is one line of JSON and no words. */
  json: boolean
  signal?: AbortSignal | undefined
  /** Takes the answer, one line or some at a time, without their last newline; nothing from outside is left in it. */
  say: (said: { rendered: string }) => Promise<void>
}

/**
 * Tells the author of a subject whether it keeps the contract, before any fault. Returns the exit code. Nothing is
 * left of it. Throws a `MachineError`, and what `signal` was aborted with.
 */
export async function runCheck({ subject, json, signal, say }: CheckCommand): Promise<number> {
  const { name, kind } = subject.description
  const scratch = makeScratch()
  try {
    if (!json) await say({ rendered: headingInWords(subject) })
    let said = Promise.resolve()
    const check = await checkSubject(subject, {
      scratch: scratch.path,
      signal,
      onRule: (rule) => {
        if (!json) said = said.then(() => say({ rendered: ruleInWords(rule) }))
      },
    })
    const { kept: pass, rules, notes } = check
    await said
    const rendered = json
      ? jsonText({ name, kind, pass, rules, notes })
      : conclusionInWords(name, check)
    await say({ rendered })
    return pass ? EXIT.pass : EXIT.fail
  } finally {
    scratch.remove()
  }
}
