import { relative } from 'node:path'
import { Command } from 'commander'
import { faultsInWords } from '../../harness/kill/fault.ts'
import type { StateId } from '../../harness/power-cut/state.ts'
import { exitCodeOf } from '../exit-code.ts'
import { interruptible } from '../interrupt.ts'
import { createProgress } from '../progress.ts'
import { type Replay, readEvidence, replay } from '../replay.ts'
import { replayState, type StateReplay } from '../replay-state.ts'
import { count, stateId } from './values.ts'

interface ReplayOptions {
  iteration?: number
  state?: StateId
  withoutMount: boolean
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

function describeState(replay: StateReplay): string[] {
  const { state, what, verdict, result, recorded, same, kept } = replay
  const recovered = result.recovered === null ? 'none recovered' : `${result.recovered} recovered`
  const before = recorded === null ? 'nothing wrong' : JSON.stringify(recorded.failures)
  return [
    `state ${state}: ${what}`,
    `  ${result.acked} acknowledged, ${recovered}`,
    ...result.failures.map(({ name, detail }) => `  ${name}: ${detail}`),
    ...(result.notJudged === null ? [] : [`  ${result.notJudged}`]),
    same
      ? `${verdict}: the same outcome as recorded`
      : `${verdict}: NOT the outcome recorded, which was ${before}`,
    ...(kept === null
      ? []
      : [`kept in ${relative('', kept.image)}; to look at it:`, `  ${kept.mount}`]),
  ]
}

async function runState(
  evidence: string,
  state: StateId,
  { keep, withoutMount, json }: ReplayOptions,
): Promise<number> {
  const progress = createProgress()
  return await interruptible(async (signal) => {
    const outcome = await replayState({ evidence, state, keep, withoutMount, signal, progress })
    if (json) process.stdout.write(`${JSON.stringify(outcome)}\n`)
    for (const line of describeState(outcome)) progress.line(line)
    return exitCodeOf([outcome.verdict])
  })
}

/** The state that is replayed when nothing is named: the first problem, where every iteration passed. */
function defaultState(evidence: string): StateId | undefined {
  const { iterations, powerCut } = readEvidence(evidence)
  const [problem] = powerCut?.problems ?? []
  if (problem === undefined || iterations.some(({ verdict }) => verdict !== 'pass'))
    return undefined
  return stateId(problem.state)
}

async function run(evidence: string, options: ReplayOptions): Promise<number> {
  const { iteration: wanted } = options
  const state = options.state ?? (wanted === undefined ? defaultState(evidence) : undefined)
  return state === undefined
    ? await runIteration(evidence, options)
    : await runState(evidence, state, options)
}

async function runIteration(evidence: string, options: ReplayOptions): Promise<number> {
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
    .description('run one iteration again, or rebuild one state of the disk, from its evidence')
    .argument('<evidence>', 'a run-N folder')
    .option(
      '--iteration <n>',
      'which one (default: the first that did not pass)',
      count('An iteration', Number.MAX_SAFE_INTEGER),
    )
    .option('--state <round.number>', 'which state of the disk, such as 1.42', stateId)
    .option(
      '--without-mount',
      'let e2fsck and debugfs recover the state’s ext4, which needs no root',
      false,
    )
    .option('--keep', 'leave the directory, or the disk’s image, in the working directory', false)
    .option('--json', 'both outcomes as JSON on stdout', false)
    .addHelpText(
      'after',
      `
The exit code is that of the replayed iteration or state (0 pass, 1 fail, 2 inconclusive), so that it can drive git bisect.

Examples:
  pullplug replay evidence/amd64/ext4/run-1
  pullplug replay evidence/amd64/ext4/run-1 --iteration 7 --keep
  pullplug replay evidence/amd64/ext4/run-1 --state 1.42 --keep
  git bisect run sh -c 'npm ci && npx pullplug replay /tmp/evidence/amd64/ext4/run-1 --iteration 7'`,
    )
    .action(async (evidence: string, options: ReplayOptions, command: Command) => {
      if (options.state !== undefined && options.iteration !== undefined) {
        command.error('error: --state and --iteration exclude each other')
      }
      done(await run(evidence, options))
    })
}
