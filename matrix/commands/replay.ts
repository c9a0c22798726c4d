import { relative } from 'node:path'
import { Command } from 'commander'
import { faultsInWords } from '../../harness/kill/fault.ts'
import { exitCodeOf } from '../exit-code.ts'
import { interruptible } from '../interrupt.ts'
import { createProgress } from '../progress.ts'
import { type Replay, replay } from '../replay.ts'
import { count } from './values.ts'

interface ReplayOptions {
  iteration?: number
  keep: boolean
  json: boolean
}

function describe({ recorded, result, same, cell, kept }: Replay): string[] {
  const { entries, seed, stream } = result.workload
  const recovered = result.recovered === null ? 'recovery refused' : `${result.recovered} recovered`
  return [
    `iteration ${result.iteration} on ${cell}: ${entries} entries (seed ${seed}, stream ${stream}), ${faultsInWords(result.faults)}`,
    `  ${result.acked} acknowledged, ${recovered}`,
    ...result.failures.map(({ name, detail }) => `  ${name}: ${detail}`),
    ...(result.reason === null ? [] : [`  ${result.reason}`]),
    same
      ? `${result.verdict}: the same outcome as recorded`
      : `${result.verdict}: NOT the outcome recorded, which was ${recorded.verdict} (${recorded.acked} acknowledged, ${recorded.recovered ?? 'none'} recovered)`,
    ...(kept === null
      ? []
      : [`kept in ${relative('', kept)}/: after-fault (as the crash left it) and after-recovery`]),
  ]
}

async function run(evidence: string, options: ReplayOptions): Promise<number> {
  const progress = createProgress()
  return await interruptible(async (signal) => {
    const { keep, iteration } = options
    const outcome = await replay({
      evidence,
      keep,
      signal,
      progress,
      ...(iteration === undefined ? {} : { iteration }),
    })
    const { recorded, result, same, kept } = outcome
    if (options.json) {
      const { records: _, ...rest } = result
      process.stdout.write(`${JSON.stringify({ same, kept, recorded, result: rest })}\n`)
    }
    for (const line of describe(outcome)) progress.line(line)
    return exitCodeOf([result.verdict])
  })
}

/** `pullplug replay EVIDENCE_DIR`. */
export function replayCommand(done: (exitCode: number) => void): Command {
  return new Command('replay')
    .description('run one iteration again from its evidence')
    .argument('<evidence>', 'a run-N folder')
    .option(
      '--iteration <n>',
      'which one (default: the first that did not pass)',
      count('An iteration', Number.MAX_SAFE_INTEGER),
    )
    .option('--keep', 'leave the directory to look at, in the working directory', false)
    .option('--json', 'both outcomes as JSON on stdout', false)
    .addHelpText(
      'after',
      `
The exit code is the replayed iteration's (0 pass, 1 fail, 2 inconclusive), so that it can drive git bisect.

Examples:
  pullplug replay evidence/amd64/ext4/run-1
  pullplug replay evidence/amd64/ext4/run-1 --iteration 7 --keep
  git bisect run sh -c 'npm ci && npx pullplug replay /tmp/evidence/amd64/ext4/run-1 --iteration 7'`,
    )
    .action(async (evidence: string, options: ReplayOptions) => done(await run(evidence, options)))
}
