import { basename } from 'node:path'
import { CELLS, type Cell, statusOf } from '../cells.ts'
import type { RunRead } from '../evidence/read.ts'
import type { CellDecision, GateDecision } from './decision.ts'
import { compareDigests } from './digests.ts'
import { type GateRules, runProblem } from './run-problem.ts'

/** A run that was read, and the cell in whose place it stands. */
export interface PlacedRun {
  arch: string
  fileSystem: string
  read: RunRead
}

function replayOf(read: RunRead): string | null {
  if (!read.ok) return null
  return read.iterations.find(({ verdict }) => verdict !== 'pass')?.replay ?? null
}

function decideCell(
  { arch, fileSystem, status }: Cell,
  runs: PlacedRun[],
  rules: GateRules,
  stray: string | undefined,
): CellDecision {
  const cell = `${arch}/${fileSystem}`
  const decision = { cell, status, runs: runs.length, replay: null }
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
      reason: `${basename(read.path)}: ${problem}`,
      replay: replayOf(read),
    }
  }
  if (stray !== undefined) return { ...decision, result: 'warn', reason: stray }
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
 * not validate or whose hash is off. An optional or informational cell that did not pass warns. Every
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
  const allProblems = [...problems, ...differences.problems]
  const fails = allProblems.length > 0 || cells.some(({ result }) => result === 'fail')
  return {
    schema: 'https://pullplug.dev/schemas/gate/1.json',
    decision: fails ? 'fail' : 'pass',
    commit: rules.commit,
    cells,
    problems: allProblems,
  }
}
