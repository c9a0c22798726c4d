import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { catchPortabilityControls } from '../../harness/portability/control.ts'
import { takeDigests } from '../../harness/portability/digests.ts'
import { type PairResult, tryPair } from '../../harness/portability/pair.ts'
import { together } from '../../harness/process/together.ts'
import { inspectWal } from '../../harness/subjects/inspect-wal.ts'
import type { ControlRecord, PortabilityRecord } from '../evidence/types.ts'
import type { Step, StepContext } from './step.ts'

/** Every ordered pair with the cell's architecture in it, itself among them, so that no cell is without one. */
async function tryPairs(context: StepContext, root: string): Promise<PairResult[]> {
  const { runtime, peers, subject, signal, progress, title, crew } = context
  const pairs = [
    [runtime, runtime] as const,
    ...peers.flatMap((peer) => [[runtime, peer] as const, [peer, runtime] as const]),
  ]
  const options = { subject, root, inspect: inspectWal, signal }
  let done = 0
  return await together(
    crew.size,
    pairs.map(([writer, recoverer]) => async () => {
      const result = await tryPair(writer, recoverer, options)
      progress.now(`${title} portability ${++done}/${pairs.length}`)
      return result
    }),
  )
}

function reasonFor(pairs: PairResult[], controls: ControlRecord[]): string | null {
  const bad =
    pairs.find(({ verdict }) => verdict === 'fail') ??
    pairs.find(({ verdict }) => verdict === 'inconclusive')
  if (bad === undefined) {
    const missed = controls.find(({ expectation, caught }) => expectation === 'caught' && !caught)
    return missed === undefined
      ? null
      : `it missed its control ${missed.name}, so it proves nothing`
  }
  const why = bad.failures.map(({ name, detail }) => `${name}: ${detail}`)[0] ?? bad.reason
  return `written on ${bad.writer} and recovered on ${bad.recoverer}: ${why}`
}

/** The same plan and the same bytes everywhere, and logs that cross from one architecture to another. */
export const portability: Step = {
  name: 'portability',
  unmade: { name: 'portability', verdict: 'inconclusive', reason: null, pairs: 0, passed: 0 },
  async run(context) {
    const { subject, runtime, peers, signal, kept, crew } = context
    const root = join(context.root, 'portability')
    mkdirSync(root)
    const { timeoutMs } = crew
    const digests = await takeDigests(join(root, 'fixed'), { subject, runtime, signal, timeoutMs })
    const pairs = await tryPairs(context, root)
    const options = { root, inspect: inspectWal, signal }
    const controls = await catchPortabilityControls([runtime, ...peers], options)
    const record: PortabilityRecord = {
      schema: 'https://pullplug.dev/schemas/portability/1.json',
      arch: runtime.arch,
      endianness: runtime.endianness,
      digests,
      pairs,
      controls,
    }
    kept.portability = record
    const failed = pairs.some(({ verdict }) => verdict === 'fail')
    const reason = reasonFor(pairs, controls)
    return {
      name: 'portability',
      verdict: failed ? 'fail' : reason === null ? 'pass' : 'inconclusive',
      reason,
      pairs: pairs.length,
      passed: pairs.filter(({ verdict }) => verdict === 'pass').length,
    }
  },
}
