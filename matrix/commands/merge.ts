import { realpathSync } from 'node:fs'
import { answer, answerJson } from '../answer.ts'
import { outProblem } from '../evidence/replay-line.ts'
import { EXIT } from '../exit-code.ts'
import { interruptible } from '../interrupt.ts'
import { type Merged, merge as mergeEvidence } from '../merge/merge.ts'
import { shown } from '../shown.ts'
import { command, flag, valueOr } from './command.ts'
import { UsageError } from './usage-error.ts'
import { path } from './values.ts'

function describe({ runs, gaps, refusals }: Merged): string[] {
  if (refusals.length > 0) {
    return [...refusals.map((each) => `refused: ${each}`), 'Nothing was written.']
  }
  return [
    ...runs.map(({ path, shards }) =>
      shards === 0 ? `${path}: as it was` : `${path}: made from ${shards} shards`,
    ),
    ...gaps.map((each) => `not merged, and no gate lets it pass: ${each}`),
  ]
}

function samePlace(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other)
  } catch {
    return false
  }
}

/** `pullplug merge DIR…`. */
export const merge = command({
  options: {
    out: valueOr('evidence', path, 'the folder where the runs are written'),
    allowGaps: flag('carry a run that lacks shards over as its shards, which no gate lets pass'),
    json: flag('what came of it as JSON'),
  },
  notes: `<dir..> are folders of evidence, such as downloaded artifacts. Shards are of one run when commit, seed, iterations, versions and file system are the same. Whole runs are carried over as they are. When anything is refused nothing is written, and the exit code is 1.`,
  examples: [
    ['pullplug merge artifacts/* --out evidence'],
    ['pullplug merge from-laptop from-ci --out evidence && pullplug gate'],
  ],
  makesThings: true,
  async run({ out, allowGaps, json }, directories) {
    if (directories.some((directory) => samePlace(directory, out))) {
      throw new UsageError(`--out ${shown(out)} is read from, and must be another folder`)
    }
    const problem = outProblem(out, null)
    if (problem !== null) throw new UsageError(problem)
    const merged = await interruptible((signal) =>
      mergeEvidence({ directories, out, allowGaps, signal }),
    )
    if (json) await answerJson(merged)
    else await answer(describe(merged))
    return merged.refusals.length > 0 ? EXIT.fail : EXIT.pass
  },
})
