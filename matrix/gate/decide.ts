import { basename } from 'node:path'
import { shown } from '../../harness/text/shown.ts'
import { CELLS, type Cell, statusOf } from '../cells.ts'
import { commandLine } from '../evidence/command-line.ts'
import { COMMAND_CHARS } from '../evidence/limits.ts'
import type { RunRead } from '../evidence/read.ts'
import { firstProblems } from '../evidence/tree.ts'
import { rowOf } from '../steps/index.ts'
import { copies } from './copies.ts'
import type { CellDecision, GateDecision, PlacedRun } from './decision.ts'
import { compareDigests, digestProblem } from './digests.ts'
import { type GateRules, runProblem } from './run-problem.ts'

/** As much of a reason as a decision has. */
const REASON_CHARS = 1000

/** So many lines are told of each step. */
const TOLD_REPLAYS = 3

/**
 * The lines that run again what did not pass, computed here and not taken from the evidence: of each step its
 * first parts, or the whole run where none can be run alone. None that is too long for a line.
 */
function replaysOf(read: RunRead): string[] {
  if (!read.ok) return []
  const { run, path } = read
  const bad = run.steps.filter(({ verdict }) => verdict === 'fail' || verdict === 'inconclusive')
  const lines = bad.flatMap((step) => {
    const parts = rowOf(step, run).replays(read, path).slice(0, TOLD_REPLAYS)
    return parts.length > 0 ? parts : [commandLine(run)]
  })
  return [...new Set(lines)].filter((line) => line.length <= COMMAND_CHARS)
}

/** The first number that no run of a cell has, below the last; evidence that was taken out leaves one. */
function gapIn(runs: PlacedRun[]): string | null {
  const numbers = runs.flatMap(({ read }) => (read.ok ? read.run.run : []))
  const distinct = [...new Set(numbers)].sort((a, b) => a - b)
  const at = distinct.findIndex((number, index) => number !== index + 1)
  return at === -1 ? null : `run-${at + 1} is missing, and run-${distinct[at]} is there`
}

function decideCell(
  { arch, fileSystem, status }: Cell,
  runs: PlacedRun[],
  rules: GateRules,
  stray: string | undefined,
): CellDecision {
  const cell = `${arch}/${fileSystem}`
  const decision = { cell, status, runs: runs.length, replays: [] }
  if (runs.length === 0) {
    return status === 'gated'
      ? { ...decision, result: 'fail', reason: 'there is no evidence of this gated cell' }
      : { ...decision, result: 'absent', reason: 'not run' }
  }
  for (const { read } of runs) {
    const problem = runProblem(read, status, rules)
    if (problem === null) continue
    // Evidence that was altered, cut short or written by something else is never only a warning.
    const blocks = status === 'gated' || !read.ok
    return {
      ...decision,
      result: blocks ? 'fail' : 'warn',
      reason: shown(`${basename(read.path)}: ${problem}`, REASON_CHARS),
      replays: replaysOf(read),
    }
  }
  if (stray !== undefined) return { ...decision, result: 'warn', reason: stray }
  const digest = runs.flatMap(({ read }) => (read.ok ? (digestProblem(read) ?? []) : []))
  const [problem = gapIn(runs)] = digest
  if (problem !== null) {
    return { ...decision, result: status === 'gated' ? 'fail' : 'warn', reason: problem }
  }
  const iterations = runs.reduce((sum, { read }) => sum + (read.ok ? read.iterations.length : 0), 0)
  const word = runs.length === 1 ? 'run' : 'runs'
  return {
    ...decision,
    result: 'pass',
    reason: `${runs.length} ${word}, ${iterations} iterations survived, every control caught`,
  }
}

/**
 * The release decision, from what was read. It fails on a gated cell that is missing, inconclusive or
 * failed; on evidence of another commit, of a tree with uncommitted changes, too old, emulated in place
 * of native, without a delivered fault or with a missed control; and, in any cell, on a file that does
 * not validate, whose hash is off, or that says what does not follow from what lies beside it; and on two
 * runs that are one. An optional or informational cell that did not pass warns. Every
 * run of a cell must pass. What must be the same on every architecture must be the same in all gated
 * cells.
 */
export function decide(runs: PlacedRun[], problems: string[], rules: GateRules): GateDecision {
  const extras = runs
    .filter(
      ({ arch, fileSystem }) => !CELLS.some((c) => c.arch === arch && c.fileSystem === fileSystem),
    )
    .map(({ arch, fileSystem }) => ({ arch, fileSystem, status: statusOf(arch, fileSystem) }))
  const distinct = new Map(
    [...CELLS, ...extras].map((cell) => [`${cell.arch}/${cell.fileSystem}`, cell]),
  )
  const differences = compareDigests(runs, (arch, fs) => statusOf(arch, fs) === 'gated')
  const cells = [...distinct].map(([name, cell]) =>
    decideCell(
      cell,
      runs.filter((run) => run.arch === cell.arch && run.fileSystem === cell.fileSystem),
      rules,
      differences.strays.get(name),
    ),
  )
  const allProblems = [...problems, ...differences.problems, ...copies(runs)]
  const fails = allProblems.length > 0 || cells.some(({ result }) => result === 'fail')
  return {
    schema: 'https://pullplug.dev/schemas/gate/2.json',
    decision: fails ? 'fail' : 'pass',
    commit: rules.commit,
    cells,
    problems: firstProblems(allProblems),
  }
}
