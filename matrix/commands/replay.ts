import { relative } from 'node:path'
import type { LossId, StateId } from '../../harness/crash-states/state.ts'
import { SECOND_LOOK_IN_WORDS, type SecondLook } from '../../harness/power-cut/confirm-state.ts'
import { answer, answerJson } from '../answer.ts'
import { recordedFaultsInWords } from '../evidence/faults-in-words.ts'
import { MAX_ITERATIONS } from '../evidence/limits.ts'
import { exitCodeOf } from '../exit-code.ts'
import { interruptible } from '../interrupt.ts'
import { createProgress } from '../progress.ts'
import { operationOf, type Replay, readEvidence, replay as replayIteration } from '../replay.ts'
import { type CaseReplay, replayCase } from '../replay-case.ts'
import { replayState, type StateReplay } from '../replay-state.ts'
import { command, flag, type Given, value } from './command.ts'
import { UsageError } from './usage-error.ts'
import { caseName, count, path, stateId } from './values.ts'

const OPTIONS = {
  iteration: value(
    count('An iteration', MAX_ITERATIONS),
    'which one (default: the first that did not pass)',
  ),
  state: value(
    stateId,
    'which state of the disk, ROUND.NUMBER or ROUND.LOSS, such as 1.42 or 1.c57-l55',
  ),
  case: value(caseName, 'which case of errors, such as 1.12-EIO-reopens'),
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
  const { state, what, verdict, result, recorded, story, same, kept } = replay
  const recovered = result.recovered === null ? 'none recovered' : `${result.recovered} recovered`
  const told = recorded ?? story
  const before = told === null ? 'nothing wrong' : JSON.stringify(told.failures)
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

async function runState(
  evidence: string,
  state: StateId | LossId,
  options: Options,
): Promise<number> {
  const { keep, withoutMount, json, subject: subjectPath = null } = options
  const progress = createProgress()
  const outcome = await interruptible((signal) =>
    replayState({ evidence, state, subjectPath, keep, withoutMount, signal, progress }),
  )
  if (json) await answerJson(outcome)
  else await answer(describeState(outcome))
  return exitCodeOf([outcome.verdict])
}

/** What is replayed when nothing is named: where every iteration passed the first state that did not, or else case. */
function chosenOf(evidence: string): { state?: StateId | LossId; case?: string } {
  const { iterations, powerCut, ioError } = readEvidence(evidence)
  if (iterations.some(({ verdict }) => verdict !== 'pass')) return {}
  const [state] = powerCut?.problems ?? []
  if (state !== undefined) return { state: stateId(state.state) }
  const [problem] = ioError?.problems ?? []
  return problem === undefined ? {} : { case: problem.case }
}

function describeCase({ result, recorded, same, fileSystem, kept }: CaseReplay): string[] {
  const { name, what, sent, acked, recovered, failures, reason, verdict } = result
  const back = recovered === null ? '' : `, and the state after ${recovered} came back`
  const before = recorded === null ? 'nothing wrong' : JSON.stringify(recorded.failures)
  return [
    `case ${name} on ${fileSystem}: ${what}`,
    `  ${sent} sent, ${acked} acknowledged${back}`,
    ...failures.map(({ name: failure, detail }) => `  ${failure}: ${detail}`),
    ...(result.confirmation?.agreed ? ['  found again by another process on a copy'] : []),
    ...(reason === null ? [] : [`  ${reason}`]),
    same
      ? `${verdict}: the same outcome as recorded`
      : `${verdict}: NOT the outcome recorded, which was ${before}`,
    ...(kept === null ? [] : [`kept in ${relative('', kept)}/as-left, as the last look found it`]),
  ]
}

async function runCase(evidence: string, name: string, options: Options): Promise<number> {
  const { keep, json, subject: subjectPath = null } = options
  const progress = createProgress()
  const outcome = await interruptible((signal) =>
    replayCase({ evidence, name, subjectPath, keep, signal, progress }),
  )
  if (json) await answerJson(outcome)
  else await answer(describeCase(outcome))
  return exitCodeOf([outcome.result.verdict])
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
  notes: `<evidence> is a run-N folder. The exit code is that of the replayed iteration, state or case (0 pass, 1 fail, 2 inconclusive), so that it can drive git bisect.`,
  examples: [
    ['pullplug replay evidence/amd64/ext4/run-1'],
    ['pullplug replay evidence/amd64/ext4/run-1 --iteration 7 --keep'],
    ['pullplug replay evidence/amd64/ext4/run-1 --state 1.42 --keep'],
    ['pullplug replay evidence/amd64/ext4/run-1 --case 1.12-EIO-reopens'],
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
    const { state, iteration, case: name } = options
    const named = Object.entries({ state, iteration, case: name }).filter(
      ([, each]) => each !== undefined,
    )
    if (named.length > 1) {
      throw new UsageError(`${named.map(([each]) => `--${each}`).join(' and ')} exclude each other`)
    }
    const chosen = named.length === 0 ? chosenOf(evidence) : { state, case: name }
    if (chosen.state !== undefined) return await runState(evidence, chosen.state, options)
    if (chosen.case !== undefined) return await runCase(evidence, chosen.case, options)
    return await runIteration(evidence, options)
  },
})
