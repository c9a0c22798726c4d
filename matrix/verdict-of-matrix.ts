import { EXIT } from './exit-code.ts'
import type { CellRun } from './run-cell.ts'
import { type MatrixResult, matrixExitCode } from './run-matrix.ts'
import { namedInWords, secondsInWords, verdictLine } from './verdict-line.ts'

const WORDS = new Map([
  [EXIT.pass, 'pass'],
  [EXIT.fail, 'fail'],
  [EXIT.inconclusive, 'inconclusive'],
  [EXIT.missing, 'missing'],
  [EXIT.broken, 'broken'],
] as const)

/** A run by its cell, and where there are several of a cell by its number; and the steps that gave its verdict. */
function runInWords({ run: { cell, run, steps, verdict } }: CellRun, several: boolean): string {
  const name = `${cell.arch}/${cell.fileSystem}${several ? ` run-${run}` : ''}`
  const reasons = verdict === 'pass' ? [] : steps.filter((step) => step.verdict === verdict)
  return reasons.length === 0 ? name : `${name} (${reasons.map((step) => step.name).join(', ')})`
}

function seedsInWords(runs: readonly CellRun[]): string {
  const seeds = [...new Set(runs.map(({ run }) => run.seed))]
  if (seeds.length <= 1) return seeds.length === 0 ? '' : `seed ${seeds[0]}`
  return `seeds ${seeds[0]} to ${seeds.at(-1)}`
}

/** What a matrix came to, in one line: the runs by their verdicts, what was not run, and what runs it again. */
export function verdictOfMatrix(result: MatrixResult, durationMs: number): string {
  const { runs, broken, missing, notBegun } = result
  const word = WORDS.get(matrixExitCode(result) as never) ?? 'broken'
  const several = runs.some(({ run }) => run.run > 1)
  const ran = (verdict: string): string[] => {
    const some = runs.filter(({ run }) => run.verdict === verdict)
    if (some.length === 0) return []
    const names = namedInWords(some.map((each) => runInWords(each, several)))
    return [verdict === word ? names : `${verdict}: ${names}`]
  }
  const others = ['fail', 'inconclusive', 'pass'].filter((verdict) => verdict !== word)
  const unable = [
    ...broken.map(({ cell }) => cell),
    ...missing.filter(({ asked }) => asked).map(({ cell }) => cell),
  ]
  return verdictLine(word, [
    ...(runs.length === 0 ? ['no cell was run'] : ran(word)),
    unable.length === 0 ? '' : `could not be run: ${namedInWords(unable)}`,
    ...others.flatMap(ran),
    notBegun.length === 0 ? '' : `not run, by --max-failures: ${namedInWords(notBegun)}`,
    seedsInWords(runs),
    secondsInWords(durationMs),
  ])
}
