import { answer, answerJson } from '../answer.ts'
import { runGate } from '../gate/gate.ts'
import { tellGitHub } from '../gate/github.ts'
import { renderDecision } from '../gate/render.ts'
import { statementOf, writeStatement } from '../gate/statement.ts'
import { readDescription } from '../subject/read-description.ts'
import { command, flag, value, valueOr } from './command.ts'
import { commit, hours, path } from './values.ts'

/** `pullplug gate [DIR]`. */
export const gate = command({
  options: {
    commit: value(commit, 'the commit that the evidence must be of (default: HEAD)'),
    maxAge: valueOr('24', hours, 'how old evidence may be, in hours'),
    subject: value(
      path,
      'the description of the subject that is asked about (default: our own log)',
    ),
    advisory: flag('say what the decision is, and exit 0'),
    json: flag('the decision as JSON'),
    statement: value(path, 'write the decision to a file as an in-toto statement of test results'),
  },
  notes: `[dir] is the folder of the evidence, which is evidence/ unless given. Gated cells must be there and pass; optional and informational ones only warn.`,
  examples: [
    ['pullplug gate'],
    ['pullplug gate evidence --commit "$(git rev-parse HEAD)" --max-age 6'],
    ['pullplug gate --subject ./pullplug.json', 'a program of your own'],
    ['pullplug gate --statement statement.json', 'to be signed, and kept beside a release'],
    [`pullplug gate --advisory --json | jq '.cells[] | select(.result != "pass")'`],
  ],
  makesThings: false,
  async run(options, [directory = 'evidence']) {
    const { commit: sha, maxAge, subject, advisory, json, statement } = options
    const { decision, runs, exitCode } = await runGate({
      directory,
      maxAgeHours: maxAge,
      advisory,
      description: subject === undefined ? null : readDescription(subject).description,
      ...(sha === undefined ? {} : { commit: sha }),
    })
    if (statement !== undefined) writeStatement(statement, statementOf(decision, runs))
    await tellGitHub(decision, advisory, !json, runs)
    if (json) await answerJson(decision)
    else await answer({ rendered: renderDecision(decision) })
    return exitCode
  },
})
