import type { ControlResult } from '../../../harness/controls/catch.ts'
import type { LanesOptions } from '../../../harness/kill/lanes.ts'
import type { Runtime } from '../../../harness/process/runtime.ts'
import { PORTABILITY_CONTROLS } from '../controls/index.ts'
import { tryPair } from './pair.ts'

/** Why none of them can be shown. */
export const ALIKE = 'every architecture here has the same byte order'

/** What showed one of them. */
export const crossingInWords = (writer: string, recoverer: string): string =>
  `written on ${writer} and recovered on ${recoverer}`

/** Two of the runtimes that differ in byte order, if any do. */
function mixedPair(runtimes: readonly Runtime[]): [Runtime, Runtime] | undefined {
  const [first] = runtimes
  const other = runtimes.find(({ endianness }) => endianness !== first?.endianness)
  return first && other && [first, other]
}

/**
 * Puts the controls of portability through a pair of architectures that must show them. Where none here
 * can, they are `unseen`, and say why. Throws as `tryPair` does.
 */
export async function catchPortabilityControls(
  runtimes: readonly Runtime[],
  options: Omit<LanesOptions, 'subject' | 'crew' | 'lanes' | 'runtime'>,
): Promise<ControlResult[]> {
  const pair = mixedPair(runtimes)
  const results: ControlResult[] = []
  for (const { subject, defect } of PORTABILITY_CONTROLS) {
    const { name } = subject
    const unseen = { name, defect, caught: false, failure: null, by: null }
    if (pair === undefined) {
      results.push({ ...unseen, expectation: 'unseen', iterations: 0, why: ALIKE })
      continue
    }
    const [writer, recoverer] = pair
    const { failures, iterations } = await tryPair(writer, recoverer, { ...options, subject: name })
    const failure = failures[0]?.name ?? null
    const by = crossingInWords(writer.arch, recoverer.arch)
    const caught = failure !== null
    results.push({
      ...unseen,
      expectation: 'caught',
      caught,
      failure,
      by: caught ? by : null,
      iterations,
      why: null,
    })
  }
  return results
}
