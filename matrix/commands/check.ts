import { answer } from '../answer.ts'
import { runCheck } from '../check/check.ts'
import { interruptible } from '../interrupt.ts'
import { command, flag } from './command.ts'
import { givenSubject, SUBJECT_NOTE, SUBJECT_OPTIONS } from './subject.ts'

/** `pullplug check [SUBJECT]`. */
export const check = command({
  options: { ...SUBJECT_OPTIONS, json: flag('the rules as JSON') },
  notes: `${SUBJECT_NOTE} It speaks with the subject in a folder of its own: a dialogue, a restart, a kill right behind an acknowledgement. Each broken rule is told with what was sent and what came back.`,
  examples: [
    ['pullplug check'],
    ["pullplug check subjects/mine --json | jq '.rules[] | select(.kept == false)'"],
  ],
  makesThings: true,
  async run({ json, kind, promise }, [path = '.']) {
    const { subject } = givenSubject(path, { kind, promise })
    return await interruptible(
      async (signal) => await runCheck({ subject, json, signal, say: answer }),
    )
  },
})
