import { answer } from '../answer.ts'
import { runCheck } from '../check/check.ts'
import { interruptible } from '../interrupt.ts'
import { command, flag } from './command.ts'

/** `pullplug check [SUBJECT]`. */
export const check = command({
  options: { json: flag('the rules as JSON') },
  notes:
    '[subject] is a description, or the folder of one; ./pullplug.json unless given. It speaks with the subject in a folder of its own: a dialogue, a restart, a kill right behind an acknowledgement. Each broken rule is told with what was sent and what came back.',
  examples: [
    ['pullplug check'],
    ["pullplug check subjects/mine --json | jq '.rules[] | select(.kept == false)'"],
  ],
  makesThings: true,
  async run({ json }, [subject]) {
    return await interruptible(
      async (signal) => await runCheck({ subject, json, signal, say: answer }),
    )
  },
})
