import { randomInt } from 'node:crypto'
import { MAX_SEED } from '../harness/plan/stream.ts'
import { MachineError } from '../harness/process/machine-error.ts'
import { THIS_NODE } from '../harness/process/runtime.ts'
import { cellsAskedFor, chooseCells, type MissingCell } from './choose-cells.ts'
import type { Checkout } from './commit.ts'
import type { PowerCutSettings } from './evidence/types.ts'
import { EXIT, exitCodeOf } from './exit-code.ts'
import { installPackages } from './install.ts'
import type { Progress } from './progress.ts'
import { type CellRun, runCell } from './run-cell.ts'
import { runtimesFor, setUpArches } from './runtimes.ts'
import type { Shard } from './shard.ts'
import type { Described } from './steps/row.ts'

/** What a matrix is asked for. */
export interface MatrixRequest {
  /** The architectures and file systems that were named, if any were. */
  arches: string[] | undefined
  fileSystems: string[] | undefined
  /** How often each cell runs. */
  runs: number
  /** The seed of the first run; a new one unless given. Each run takes the next. */
  seed: number | undefined
  iterations: number
  everyPoint: boolean
  powerCut: PowerCutSettings
  /** How many cases of errors; null for as many as there is time for. */
  errorCases: number | null
  /** Which share of the iterations is run; null for all of them. */
  shard: Shard | null
  /** After so many failures no further run is begun: one that was begun is made whole, for its evidence. */
  maxFailures?: number | undefined
  subject: string
  /** What describes the subject; null for our log and its controls. */
  described: Described | null
  /** The evidence folder. */
  out: string
  /** What it is run of, as it was before anything was written. */
  checkout: Checkout
  /** Whether what is missing may be brought: system packages, and emulators. */
  install: boolean
}

/** What came of a matrix. */
export interface MatrixResult {
  runs: CellRun[]
  /** Cells that should have run and could not, and why. */
  broken: { cell: string; error: MachineError }[]
  missing: MissingCell[]
  /** Runs that were not begun, since there were failures enough. */
  notBegun: string[]
}

/** How many cases of a run failed; a step that counts none is one. */
function failuresOf({ run }: CellRun): number {
  return run.steps.reduce((sum, step) => {
    if (step.verdict !== 'fail') return sum
    return sum + ('failed' in step ? Math.max(step.failed, 1) : 1)
  }, 0)
}

/** Runs every cell that this machine can, one after another. Throws what `signal` was aborted with. */
export async function runMatrix(
  request: MatrixRequest,
  progress: Progress,
  signal: AbortSignal,
): Promise<MatrixResult> {
  const { arches, fileSystems, seed = randomInt(MAX_SEED + 1), iterations, everyPoint } = request
  if (request.install) {
    const wanted = cellsAskedFor(arches, fileSystems).map(({ fileSystem }) => fileSystem)
    await installPackages(wanted, progress, signal)
    await setUpArches(arches ?? [], progress, signal)
  }
  const choice = await chooseCells(arches, fileSystems)
  const runtimes = await runtimesFor(arches ?? [], signal)
  const cells = choice.run.map(({ arch, fileSystem }) => `${arch}/${fileSystem}`)
  const how = everyPoint ? 'every point' : `${iterations} iterations`
  progress.line(`pullplug matrix: ${cells.join(', ') || 'no cell'}; seed ${seed}, ${how}`)
  const result: MatrixResult = { runs: [], broken: [], missing: choice.missing, notBegun: [] }
  const { maxFailures = Number.POSITIVE_INFINITY } = request
  const isEnough = (): boolean =>
    result.runs.reduce((sum, each) => sum + failuresOf(each), 0) >= maxFailures
  for (let run = 1; run <= request.runs; run++) {
    for (const { arch, fileSystem } of choice.run) {
      if (isEnough()) {
        result.notBegun.push(`${arch}/${fileSystem}${request.runs > 1 ? ` run-${run}` : ''}`)
        continue
      }
      try {
        result.runs.push(
          await runCell({
            runtime: runtimes.get(arch) ?? THIS_NODE,
            peers: [...runtimes.values()].filter((runtime) => runtime.arch !== arch),
            fileSystem,
            run,
            seed: (seed + run - 1) % (MAX_SEED + 1),
            subject: request.subject,
            described: request.described,
            iterations,
            everyPoint,
            powerCut: request.powerCut,
            errorCases: request.errorCases,
            shard: request.shard,
            out: request.out,
            checkout: request.checkout,
            signal,
            progress,
          }),
        )
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof MachineError)) throw error
        const cell = `${arch}/${fileSystem}`
        result.broken.push({ cell, error })
        progress.problem(`  ${cell} could not be run: ${error.message}`)
        progress.problem(`    ${error.remedy}`)
      }
    }
  }
  return result
}

/** A matrix ends by the cells that it ran, and by those that were asked for and could not be. */
export function matrixExitCode({ runs, broken, missing }: MatrixResult): number {
  const code = runs.length === 0 ? EXIT.missing : exitCodeOf(runs.map(({ run }) => run.verdict))
  if (runs.length > 0 && code !== EXIT.pass) return code
  if (broken.some(({ error }) => error.code === 'BROKEN')) return EXIT.broken
  return broken.length > 0 || missing.some(({ asked }) => asked) ? EXIT.missing : code
}
