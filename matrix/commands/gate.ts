import { Command } from 'commander'
import { runGate } from '../gate/gate.ts'
import { tellGitHub } from '../gate/github.ts'
import { renderDecision } from '../gate/render.ts'
import { statementOf, writeStatement } from '../gate/statement.ts'
import { commit, hours } from './values.ts'

interface GateOptions {
  commit?: string
  maxAge: number
  advisory: boolean
  json: boolean
  statement?: string
}

/** `pullplug gate [DIR]`. */
export function gateCommand(done: (exitCode: number) => void): Command {
  return new Command('gate')
    .description('the release decision, made from evidence alone')
    .argument('[dir]', 'the evidence', 'evidence')
    .option('--commit <sha>', 'the commit that the evidence must be of (default: HEAD)', commit)
    .option('--max-age <hours>', 'how old evidence may be', hours, 24)
    .option('--advisory', 'say what the decision is, and exit 0', false)
    .option('--json', 'the decision as JSON on stdout', false)
    .option('--statement <file>', 'write the decision as an in-toto statement of test results')
    .addHelpText(
      'after',
      `
Gated cells must be there and pass; optional and informational ones only warn.

Examples:
  pullplug gate
  pullplug gate evidence --commit "$(git rev-parse HEAD)" --max-age 6
  pullplug gate --statement statement.json         to be signed, and kept beside a release
  pullplug gate --advisory --json | jq '.cells[] | select(.result != "pass")'`,
    )
    .action(async (directory: string, options: GateOptions) => {
      const { maxAge, commit: sha, advisory, json, statement } = options
      const { decision, runs, exitCode } = await runGate({
        directory,
        maxAgeHours: maxAge,
        advisory,
        ...(sha === undefined ? {} : { commit: sha }),
      })
      await tellGitHub(decision, advisory, !json)
      if (statement !== undefined) writeStatement(statement, statementOf(decision, runs))
      if (json) process.stdout.write(`${JSON.stringify(decision)}\n`)
      process.stderr.write(`${renderDecision(decision)}\n`)
      done(exitCode)
    })
}
