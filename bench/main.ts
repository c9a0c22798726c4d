import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { benchAppend } from './append.ts'
import { benchContents } from './contents.ts'
import { benchContract } from './contract.ts'
import { benchErrors } from './errors.ts'
import { benchKills } from './kills.ts'
import { benchOperations } from './operations.ts'
import { benchPowerCuts } from './power-cuts.ts'
import { benchScan } from './scan.ts'
import { benchStories } from './stories.ts'

/** Every figure is a ratio to a baseline measured in the same run: the machines are noisy. */
const root = mkdtempSync(join(process.cwd(), '.pullplug-bench-'))
try {
  for (const bench of [
    benchAppend,
    benchKills,
    benchOperations,
    benchErrors,
    benchScan,
    benchPowerCuts,
    benchContents,
    benchContract,
    benchStories,
  ]) {
    for (const { what, figure, baseline, ratio, wanted, note } of await bench(root)) {
      const verdict = ratio >= wanted ? 'ok' : 'BELOW'
      process.stdout.write(
        `${what}: ${figure}; baseline ${baseline}; ratio ${ratio.toFixed(2)} (wanted ${wanted}: ${verdict})${note === undefined ? '' : `; ${note}`}\n`,
      )
    }
  }
} finally {
  rmSync(root, { recursive: true, force: true })
}
