import { PORTABILITY_CONTROLS } from '../../../subjects/wal/controls/index.ts'
import { expectedPairIterations } from '../../../subjects/wal/expected/portability.ts'
import { subjectNamed } from '../../../subjects/wal/expected/subject.ts'
import { ALIKE, crossingInWords } from '../../../subjects/wal/portability/control.ts'
import { ARCHITECTURES, ENDIANNESS } from '../../cells.ts'
import type { ReadFiles } from '../../evidence/read-files.ts'
import type {
  ControlRecord,
  PortabilityRecord,
  RunRecord,
  StepRecord,
} from '../../evidence/types.ts'
import { concludedProblem } from '../check-concluded.ts'
import { controlsProblem } from '../check-controls.ts'
import { concludePortability } from './conclude.ts'

type Portability = Extract<StepRecord, { name: 'portability' }>
type Pair = PortabilityRecord['pairs'][number]

/**
 * The pairs are the cell's architecture with itself, then both ways with each of the others at hand; a
 * machine that emulates is always at hand itself.
 */
function pairsProblem(
  { pairs, arch }: PortabilityRecord,
  { host, shards, emulation }: RunRecord,
): string | null {
  const [own, ...others] = pairs
  if (own?.writer !== arch || own.recoverer !== arch) {
    return `portability.json does not begin with the pair ${arch} to ${arch}`
  }
  const peers = others.filter((_, at) => at % 2 === 0).map(({ recoverer }) => recoverer)
  const due = peers.flatMap((peer) => [`${arch} to ${peer}`, `${peer} to ${arch}`])
  const told = others.map(({ writer, recoverer }) => `${writer} to ${recoverer}`)
  const lacking = due.find((pair, at) => told[at] !== pair)
  if (lacking !== undefined)
    return `portability.json lacks the pair ${lacking}, or has it elsewhere`
  const twice = peers.find((peer, at) => peer === arch || peers.indexOf(peer) !== at)
  if (twice !== undefined) return `portability.json has the pairs of ${arch} and ${twice} twice`
  const hosts = emulation === 'none' ? [] : [host, ...shards.map((shard) => shard.host)]
  const unpaired = hosts.find((each) => !peers.includes(each.arch))
  if (unpaired !== undefined) {
    return `portability.json lacks the pairs with ${unpaired.arch}, which ran the emulator`
  }
  const known: readonly string[] = [...ARCHITECTURES, host.arch]
  return peers.every((peer) => known.includes(peer))
    ? null
    : 'portability.json has a pair with an unknown architecture'
}

function pairProblem({ iterations, passed, verdict, failures, reason }: Pair, due: number) {
  if ((verdict === 'fail') !== failures.length > 0) return 'contradicts its failures'
  if (passed > iterations) return 'passed more crashes than it made'
  if (verdict === 'inconclusive' && reason === null) return 'is inconclusive without a reason'
  if (verdict !== 'pass') {
    return iterations <= due ? null : `made ${iterations} crashes, and there are ${due}`
  }
  if (reason !== null) return 'passes and gives a reason not to'
  if (iterations !== due) return `made ${iterations} crashes, and there are ${due}`
  return passed === iterations ? null : `passes with ${passed} of ${iterations} crashes`
}

/** Two architectures of those at hand that differ in byte order, if any do. */
function mixedPair({ arch, endianness, pairs }: PortabilityRecord): [string, string] | null {
  const other = pairs.find(({ recoverer }) => (ENDIANNESS[recoverer] ?? endianness) !== endianness)
  return other === undefined ? null : [arch, other.recoverer]
}

function crossingProblem(control: ControlRecord, record: PortabilityRecord, due: number) {
  const mixed = mixedPair(record)
  const its = `its control ${control.name}`
  if (mixed === null) return `${its} is said to have crossed byte orders, and there is one only`
  if (!control.caught) return null
  if (control.by !== crossingInWords(...mixed))
    return `${its} was caught by another pair than it has`
  return control.iterations === due
    ? null
    : `${its} made ${control.iterations} crashes, and there are ${due}`
}

/** What of the controls does not follow from the architectures at hand; a shard can have had fewer of them. */
function portabilityControlsProblem(
  record: PortabilityRecord,
  run: RunRecord,
  due: number,
): string | null {
  const { controls } = record
  const mixed = mixedPair(record) !== null
  const seen = run.shards.length > 0 ? controls[0]?.expectation === 'caught' : mixed
  const table = PORTABILITY_CONTROLS.map(({ subject, defect }) => ({
    name: subject.name,
    defect,
    expectation: seen ? ('caught' as const) : ('unseen' as const),
    why: seen ? null : ALIKE,
  }))
  const problem = controlsProblem(controls, table, ({ iterations }) => iterations)
  if (problem !== null) return problem
  for (const control of controls) {
    const found = seen
      ? crossingProblem(control, record, due)
      : control.iterations === 0 && !control.caught
        ? null
        : `its control ${control.name} cannot have been tried there`
    if (found !== null) return found
  }
  return null
}

/** What of the portability step does not follow from its record, or that from the architectures it has. */
export function portabilityProblem(step: Portability, files: ReadFiles): string | null {
  const { run, portability: record } = files
  if (record === null) {
    const { verdict, pairs, passed } = step
    return verdict === 'inconclusive' && pairs === 0 && passed === 0
      ? null
      : `the portability step says ${verdict} without portability.json`
  }
  if (record.arch !== run.runtime.arch || record.endianness !== run.runtime.endianness) {
    return 'portability.json is of another architecture'
  }
  const pairs = pairsProblem(record, run)
  if (pairs !== null) return pairs
  const subject = subjectNamed(run.subject)
  const due = subject === undefined ? 0 : expectedPairIterations(subject)
  for (const pair of record.pairs) {
    const problem = pairProblem(pair, due)
    if (problem !== null) return `the pair ${pair.writer} to ${pair.recoverer} ${problem}`
  }
  return (
    portabilityControlsProblem(record, run, due) ??
    concludedProblem(step, concludePortability(record), run)
  )
}
