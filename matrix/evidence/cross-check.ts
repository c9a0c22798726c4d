import { isInShard, runName } from '../shard.ts'
import { powerCutProblem } from './cross-check-power-cut.ts'
import type {
  IterationRecord,
  PortabilityRecord,
  PowerCutRecord,
  RunRecord,
  StepRecord,
} from './types.ts'
import { verdictOf } from './verdict.ts'

const STEP_NAMES: StepRecord['name'][] = [
  'wal-tests',
  'kill',
  'known-good',
  'atomic-rename',
  'portability',
  'power-cut',
]

function killProblem(
  kill: Extract<StepRecord, { name: 'kill' }>,
  iterations: IterationRecord[],
): string | null {
  const count = (test: (record: IterationRecord) => boolean): number =>
    iterations.filter(test).length
  const counted = {
    iterations: iterations.length,
    delivered: count(({ delivered }) => delivered),
    passed: count(({ verdict }) => verdict === 'pass'),
    failed: count(({ verdict }) => verdict === 'fail'),
    inconclusive: count(({ verdict }) => verdict === 'inconclusive'),
  }
  for (const [name, found] of Object.entries(counted)) {
    const said = kill[name as keyof typeof counted]
    if (said !== found) return `run.json counts ${said} ${name} and iterations.ndjson has ${found}`
  }
  const odd = iterations.find(
    ({ verdict, delivered, failures }) =>
      (verdict === 'fail') !== failures.length > 0 || (verdict === 'pass' && !delivered),
  )
  if (odd !== undefined) return `iteration ${odd.iteration} contradicts itself`
  if (kill.verdict !== 'pass') return null
  if (counted.failed > 0) return 'the kill step passes although an iteration failed'
  return counted.inconclusive > 0
    ? 'the kill step passes although an iteration is inconclusive'
    : null
}

/** The files of a run, as they were read. */
export interface ReadFiles {
  run: RunRecord
  iterations: IterationRecord[]
  verifyReport: { pass: boolean } | null
  portability: PortabilityRecord | null
  powerCut: PowerCutRecord | null
  /** The recordings that stand there, by their rounds. */
  recordings: ReadonlyMap<number, Uint8Array>
}

/** Emulation is told three times: by name, by the emulator's version, and by the two architectures. */
function runtimeProblem({ cell, host, runtime, emulation }: RunRecord): string | null {
  if (runtime.arch !== cell.arch)
    return `it ran on ${runtime.arch} and says that it is ${cell.arch}`
  const emulated = emulation !== 'none'
  if (emulated !== (runtime.qemu !== null)) return 'its emulation contradicts its emulator'
  if (emulated !== (host.arch !== runtime.arch)) {
    return `it says emulation ${emulation}, on a ${host.arch} host for ${runtime.arch}`
  }
  return null
}

/** A merged run was one of several shards, which are listed in order. */
function shardsProblem({ shard, shards }: RunRecord): string | null {
  if (shards.length === 0) return null
  if (shard !== null) return 'it is a shard and was merged from shards'
  return shards.every(({ index }, at) => index === at + 1) ? null : 'a shard of it is missing'
}

/**
 * A run has the iterations from 1 on, or its shard's share of them, each once and in order. A merged one
 * that did not pass may lack the whole share of a shard which could not make any.
 */
function iterationsProblem(run: RunRecord, iterations: IterationRecord[]): string | null {
  const numbers = iterations.map(({ iteration }) => iteration)
  const stranger = numbers.find((number) => !isInShard(number, run.shard))
  if (stranger !== undefined) return `iteration ${stranger} is not of its shard`
  const unordered = numbers.find((number, index) => number <= (numbers[index - 1] ?? 0))
  if (unordered !== undefined) return `iteration ${unordered} stands twice or out of order`
  if (numbers.length === 0) return null
  const length = run.iterations ?? (numbers.at(-1) as number)
  const shares = run.shards.map(({ index }) => ({ index, of: run.shards.length }))
  const unmade =
    run.verdict === 'pass'
      ? []
      : shares.filter((share) => !numbers.some((number) => isInShard(number, share)))
  const due = Array.from({ length }, (_, index) => index + 1)
    .filter((number) => isInShard(number, run.shard))
    .filter((number) => !unmade.some((share) => isInShard(number, share)))
  return due.join() === numbers.join() ? null : 'its iterations are not those that were asked for'
}

function portabilityProblem(
  step: Extract<StepRecord, { name: 'portability' }>,
  record: PortabilityRecord | null,
  run: RunRecord,
): string | null {
  if (record === null) {
    return step.verdict === 'pass' ? 'the portability step passes without portability.json' : null
  }
  if (record.arch !== run.runtime.arch || record.endianness !== run.runtime.endianness) {
    return 'portability.json is of another architecture'
  }
  const passed = record.pairs.filter(({ verdict }) => verdict === 'pass').length
  if (step.pairs !== record.pairs.length || step.passed !== passed) {
    return `run.json counts ${step.passed} of ${step.pairs} pairs and portability.json has ${passed} of ${record.pairs.length}`
  }
  const odd = record.pairs.find(
    (pair) =>
      (pair.verdict === 'fail') !== pair.failures.length > 0 ||
      (pair.verdict === 'pass' && (pair.iterations === 0 || pair.passed !== pair.iterations)),
  )
  if (odd !== undefined) return `the pair ${odd.writer} to ${odd.recoverer} contradicts itself`
  if (step.verdict !== 'pass') return null
  if (passed < step.pairs || step.pairs === 0) {
    return 'the portability step passes although a pair did not'
  }
  const missed = record.controls.find(
    ({ expectation, caught }) => expectation === 'caught' && !caught,
  )
  return missed === undefined ? null : `the portability step passes and missed ${missed.name}`
}

/**
 * What in a run's files contradicts the rest, in a sentence; null when they agree. `place` is where
 * the run stands, such as `<arch>/<fs>/run-N`.
 */
export function contradiction(
  { run, iterations, verifyReport, portability, powerCut, recordings }: ReadFiles,
  place: string,
): string | null {
  const claimed = `${run.cell.arch}/${run.cell.fileSystem}/${runName(run.run, run.shard)}`
  if (place !== claimed) return `it stands at ${place} and says that it is ${claimed}`
  const names = run.steps.map(({ name }) => name)
  if (names.join() !== STEP_NAMES.join()) return `its steps are ${names.join(', ')}`
  if (run.verdict !== verdictOf(run.steps)) return 'its verdict does not follow from its steps'
  if (run.pass !== (run.verdict === 'pass')) return 'its pass contradicts its verdict'
  const runtime = runtimeProblem(run)
  if (runtime !== null) return runtime
  for (const step of run.steps) {
    if (step.name === 'kill') {
      const problem = killProblem(step, iterations)
      if (problem !== null) return problem
    }
    if (step.name === 'portability') {
      const problem = portabilityProblem(step, portability, run)
      if (problem !== null) return problem
    }
    if (step.name === 'power-cut') {
      const problem = powerCutProblem(step, powerCut, recordings)
      if (problem !== null) return problem
    }
    if (step.name === 'known-good' && step.verdict === 'pass' && verifyReport?.pass !== true) {
      return 'the known-good step passes and wal_verify.json does not'
    }
    if (
      step.name === 'wal-tests' &&
      step.verdict === 'pass' &&
      (step.passed === 0 || step.failed > 0)
    ) {
      return 'the wal-tests step passes without its tests'
    }
  }
  return shardsProblem(run) ?? iterationsProblem(run, iterations)
}
