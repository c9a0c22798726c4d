import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { together } from '../../../harness/process/together.ts'
import { HOME } from '../../../subjects/home.ts'
import { catchPortabilityControls } from '../../../subjects/wal/portability/control.ts'
import { takeDigests } from '../../../subjects/wal/portability/digests.ts'
import { type PairResult, tryPair } from '../../../subjects/wal/portability/pair.ts'
import { recordedDetail, recordedFailures } from '../../evidence/recorded.ts'
import type { PortabilityRecord } from '../../evidence/types.ts'
import type { StepContext, StepOutcome } from '../row.ts'
import { concludePortability } from './conclude.ts'

/** Every ordered pair with the cell's architecture in it, itself among them, so that no cell is without one. */
async function tryPairs(context: StepContext, root: string): Promise<PairResult[]> {
  const { runtime, peers, subject, signal, progress, title, crew } = context
  const pairs = [
    [runtime, runtime] as const,
    ...peers.flatMap((peer) => [[runtime, peer] as const, [peer, runtime] as const]),
  ]
  const options = { subject, root, home: HOME, signal }
  let done = 0
  return await together(
    crew.size,
    pairs.map(([writer, recoverer]) => async () => {
      const { failures, reason, ...result } = await tryPair(writer, recoverer, options)
      progress.count(`${title} portability`, ++done, { of: pairs.length })
      return {
        ...result,
        failures: recordedFailures(failures),
        reason: recordedDetail(reason),
      }
    }),
  )
}

/** Takes the digests of what must be the same everywhere, and has logs cross from one architecture to another. */
export async function runPortability(
  context: StepContext,
): Promise<Extract<StepOutcome, { name: 'portability' }>> {
  const { subject, runtime, peers, signal, kept, crew } = context
  const root = join(context.root, 'portability')
  mkdirSync(root)
  const { timeoutMs } = crew
  const digests = await takeDigests(join(root, 'fixed'), {
    home: HOME,
    subject,
    runtime,
    signal,
    timeoutMs,
  })
  const pairs = await tryPairs(context, root)
  const options = { root, home: HOME, signal }
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
  return concludePortability(record)
}
