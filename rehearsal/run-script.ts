import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Stage } from './stage.ts'

/** No script of a rehearsal may take longer; what it started ends with it. */
const LIMIT_SECONDS = 300

export interface ScriptEnd {
  exitCode: number
  outputs: Record<string, string>
  /** The last of what it said. */
  lastWords: string
}

function outputsIn(file: string): Record<string, string> {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = /^([\w-]+)=(.*)$/.exec(line) ?? []
      if (name === undefined) throw new Error(`the rehearsal does not know the output ${line}`)
      return [name, value ?? '']
    }),
  )
}

/** Runs a script as a runner does: by bash, which stops at the first error, in the checkout. */
export async function runScript(
  script: string,
  env: Record<string, string>,
  { workspace, runner, programs, tell, signal }: Stage,
): Promise<ScriptEnd> {
  const [file, output, summary] = ['script.sh', 'output', 'summary.md'].map((name) =>
    join(runner, name),
  ) as [string, string, string]
  writeFileSync(file, script)
  writeFileSync(output, '')
  if (!existsSync(summary)) writeFileSync(summary, '')
  const bash = ['bash', '--noprofile', '--norc', '-eo', 'pipefail', file]
  const running = execa('timeout', ['--kill-after=10', `${LIMIT_SECONDS}`, ...bash], {
    cwd: workspace,
    env: {
      ...env,
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      PATH: `${programs}:${process.env.PATH}`,
      RUNNER_TEMP: runner,
    },
    reject: false,
    all: true,
    stdin: 'ignore',
    cancelSignal: signal,
    maxBuffer: 10_000_000,
  })
  const said: string[] = []
  for await (const line of running.iterable({ from: 'all' })) {
    said.push(line)
    tell(`  ${line}`)
  }
  const { exitCode = 128 } = await running
  const late = exitCode === 124 ? `\nit was stopped after ${LIMIT_SECONDS} seconds` : ''
  return { exitCode, outputs: outputsIn(output), lastWords: said.slice(-8).join('\n') + late }
}
