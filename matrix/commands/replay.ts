import { relative } from 'node:path'
import type { StateId } from '../../harness/crash-states/state.ts'
import { SECOND_LOOK_IN_WORDS, type SecondLook } from '../../harness/power-cut/confirm-state.ts'
import { answer, answerJson } from '../answer.ts'
import { recordedFaultsInWords } from '../evidence/faults-in-words.ts'
import { MAX_ITERATIONS } from '../evidence/limits.ts'
import { exitCodeOf } from '../exit-code.ts'
import { interruptible } from '../interrupt.ts'
import { createProgress } from '../progress.ts'
import { operationOf, type Replay, readEvidence, replay as replayIteration } from '../replay.ts'
import { replayState, type StateReplay } from '../replay-state.ts'
import { command, flag, type Given, value } from './command.ts'
import { UsageError } from './usage-error.ts'
import { count, path, stateId } from './values.ts'

const OPTIONS = {
  iteration: value(
    count('An iteration', MAX_ITERATIONS),
    'which one (default: the first that did not pass)',
  ),
  state: value(stateId, 'which state of the disk, ROUND.NUMBER, such as 1.42'),
  subject: value(path, 'the description of its subject, where a file describes that'),
  withoutMount: flag('let e2fsck and debugfs recover the state’s ext4, which needs no root'),
  keep: flag('leave the directory, or the disk’s image, in the working directory'),
  json: flag('both outcomes as JSON'),
}
type Options = Given<typeof OPTIONS>

/** That another operation stood at the recorded point: the program does not do the same each time. */
function strayed(recorded: Replay['recorded'], result: Replay['result']): string[] {
  const [due, struck] = [operationOf(recorded), operationOf(result)]
  if (due === struck || struck === null) return []
  return [`  another operation stood there: ${struck}, in place of ${due}`]
}

function describe({ recorded, result, same, cell, kept }: Replay): string[] {
  const { entries, seed, stream } = result.workload
  const recovered = result.recovered === null ? 'recovery refused' : `${result.recovered} recovered`
  return [
    `iteration ${result.iteration} on ${cell}: ${entries} entries (seed ${seed}, stream ${stream}), ${recordedFaultsInWords(result.faults)}`,
    ...strayed(recorded, result),
    `  ${result.acked} acknowledged, ${recovered}`,
    ...result.failures.map(({ name, detail }) => `  ${name}: ${detail}`),
    ...(result.confirmation?.agreed ? ['  found again by another process on a copy'] : []),
    ...(result.reason === null ? [] : [`  ${result.reason}`]),
    same
      ? `${result.verdict}: the same outcome as recorded`
      : `${result.verdict}: NOT the outcome recorded, which was ${recorded.verdict} (${recorded.acked} acknowledged, ${recorded.recovered ?? 'none'} recovered)`,
    ...(kept === null
      ? []
      : [`kept in ${relative('', kept)}/: after-fault (as the crash left it) and after-recovery`]),
  ]
}

function lookers(looks: readonly SecondLook[]): string {
  return looks.map((look) => SECOND_LOOK_IN_WORDS[look]).join(', and by ')
}

function describeState(replay: StateReplay): string[] {
  const { state, what, verdict, result, recorded, same, kept } = replay
  const recovered = result.recovered === null ? 'none recovered' : `${result.recovered} recovered`
  const before = recorded === null ? 'nothing wrong' : JSON.stringify(recorded.failures)
  return [
    `state ${state}: ${what}`,
    `  ${result.acked} acknowledged, ${recovered}`,
    ...result.failures.map(({ name, detail }) => `  ${name}: ${detail}`),
    ...(result.confirmedBy.length === 0 ? [] : [`  found again by ${lookers(result.confirmedBy)}`]),
    ...(result.notJudged === null ? [] : [`  ${result.notJudged}`]),
    same
      ? `${verdict}: the same outcome as recorded`
      : `${verdict}: NOT the outcome recorded, which was ${before}`,
    ...(kept === null
      ? []
      : [`kept in ${relative('', kept.image)}; to look at it:`, `  ${kept.mount}`]),
  ]
}

async function runState(evidence: string, state: StateId, options: Options): Promise<number> {
  const { keep, withoutMount, json, subject: subjectPath = null } = options
  const progress = createProgress()
  const outcome = await interruptible((signal) =>
    replayState({ evidence, state, subjectPath, keep, withoutMount, signal, progress }),
  )
  if (json) await answerJson(outcome)
  else await answer(describeState(outcome))
  return exitCodeOf([outcome.verdict])
}

/** The state that is replayed when nothing is named: the first problem, where every iteration passed. */
function defaultState(evidence: string): StateId | undefined {
  const { iterations, powerCut } = readEvidence(evidence)
  const [problem] = powerCut?.problems ?? []
  if (problem === undefined || iterations.some(({ verdict }) => verdict !== 'pass'))
    return undefined
  return stateId(problem.state)
}

async function runIteration(evidence: string, options: Options): Promise<number> {
  const { keep, iteration, json, subject: subjectPath = null } = options
  const progress = createProgress()
  const outcome = await interruptible((signal) =>
    replayIteration({
      evidence,
      subjectPath,
      keep,
      signal,
      progress,
      ...(iteration === undefined ? {} : { iteration }),
    }),
  )
  const { recorded, result, same, kept } = outcome
  if (json) {
    await answerJson({ same, kept, recorded, result })
  } else await answer(describe(outcome))
  return exitCodeOf([result.verdict])
}

/** `pullplug replay EVIDENCE_DIR`. */
export const replay = command({
  options: OPTIONS,
  notes: `<evidence> is a run-N folder. The exit code is that of the replayed iteration or state (0 pass, 1 fail, 2 inconclusive), so that it can drive git bisect.`,
  examples: [
    ['pullplug replay evidence/amd64/ext4/run-1'],
    ['pullplug replay evidence/amd64/ext4/run-1 --iteration 7 --keep'],
    ['pullplug replay evidence/amd64/ext4/run-1 --state 1.42 --keep'],
    [
      'pullplug replay evidence/amd64/ext4/run-1 --subject ./pullplug.json',
      'a program of your own',
    ],
    [
      "git bisect run sh -c 'npm ci && npx pullplug replay /tmp/evidence/amd64/ext4/run-1 --iteration 7'",
    ],
  ],
  makesThings: true,
  async run(options, [evidence = '']) {
    const { state, iteration } = options
    if (state !== undefined && iteration !== undefined) {
      throw new UsageError('--state and --iteration exclude each other')
    }
    const chosen = state ?? (iteration === undefined ? defaultState(evidence) : undefined)
    return chosen === undefined
      ? await runIteration(evidence, options)
      : await runState(evidence, chosen, options)
  },
})
