import { realpathSync } from 'node:fs'
import { Command } from 'commander'
import { EXIT } from '../exit-code.ts'
import { type Merged, merge } from '../merge/merge.ts'

interface MergeOptions {
  out: string
  allowGaps: boolean
  json: boolean
}

function describe({ runs, gaps, refusals }: Merged): string[] {
  if (refusals.length > 0) {
    return [...refusals.map((each) => `refused: ${each}`), 'Nothing was written.']
  }
  return [
    ...runs.map(({ path, shards }) =>
      shards === 0 ? `${path}: as it was` : `${path}: made from ${shards} shards`,
    ),
    ...gaps.map((each) => `not merged, and no gate lets it pass: ${each}`),
  ]
}

async function run(directories: string[], options: MergeOptions): Promise<number> {
  const { out, allowGaps, json } = options
  const merged = await merge({ directories, out, allowGaps })
  if (json) process.stdout.write(`${JSON.stringify(merged)}\n`)
  process.stderr.write(`${describe(merged).join('\n')}\n`)
  return merged.refusals.length > 0 ? EXIT.fail : EXIT.pass
}

function samePlace(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other)
  } catch {
    return false
  }
}

/** `pullplug merge DIR…`. */
export function mergeCommand(done: (exitCode: number) => void): Command {
  return new Command('merge')
    .description('bring the shards of runs together, so that the gate sees whole runs')
    .argument('<dir...>', 'folders of evidence, such as downloaded artifacts')
    .option('--out <dir>', 'where the runs are written', 'evidence')
    .option(
      '--allow-gaps',
      'carry a run that lacks shards over as its shards, which no gate lets pass',
      false,
    )
    .option('--json', 'what came of it as JSON on stdout', false)
    .addHelpText(
      'after',
      `
Shards are of one run when commit, seed, iterations, versions and file system are the same. Whole runs are
carried over as they are. When anything is refused nothing is written, and the exit code is 1.

Examples:
  pullplug merge artifacts/* --out evidence
  pullplug merge from-laptop from-ci --out evidence && pullplug gate`,
    )
    .action(async (directories: string[], options: MergeOptions, command: Command) => {
      if (directories.some((directory) => samePlace(directory, options.out))) {
        command.error(`error: --out ${options.out} is read from, and must be another folder`)
      }
      done(await run(directories, options))
    })
}
