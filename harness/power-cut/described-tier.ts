import { SECTOR_BYTES } from '../crash-states/device-request.ts'
import { stateName } from '../crash-states/state.ts'
import { needsInWords } from '../process/lack.ts'
import { promiseFor } from '../subject/promise.ts'
import type { Tier, TierOptions, TierProblem, TierResult } from '../tier.ts'
import type { FileSystemName } from '../volume/file-systems/index.ts'
import { catchAnyControls } from './any-controls.ts'
import { cutPower } from './campaign.ts'
import type { StateProblem } from './campaign-result.ts'
import { describedHost } from './described-host.ts'
import { lacksForPowerCuts } from './requirements.ts'
import { Rig } from './rig.ts'

function problemOf({ id, what, acked, recovered, failures, notJudged }: StateProblem): TierProblem {
  return { case: stateName(id), what, acked, recovered, failures, notJudged }
}

async function runOn(fileSystem: FileSystemName, options: TierOptions): Promise<TierResult> {
  const { subject, seed, forMs, only, signal, onProgress } = options
  const { name, kind, promises, volumeBytes } = subject.description
  const startedMs = performance.now()
  const rig = await Rig.create({
    fileSystem,
    host: describedHost(subject),
    ...(volumeBytes === undefined ? {} : { sizeBytes: volumeBytes }),
    signal,
  })
  try {
    const round = only === null ? 1 : Number(only.split('.')[0])
    const recording = await rig.record(name, rig.planOf(seed, round))
    const promise = promiseFor(promises, 'power-cut')
    const controls = await catchAnyControls(rig, {
      recording,
      kind,
      promise,
      seed,
      tearBytes: SECTOR_BYTES,
    })
    const leftMs = forMs - (performance.now() - startedMs)
    const campaign = await cutPower(rig, {
      subject: name,
      seed,
      tearBytes: SECTOR_BYTES,
      extent: only === null ? { forMs: Math.max(leftMs, LEAST_MS) } : 'exhaustive',
      ...(only === null ? {} : { share: { index: round, of: round } }),
      onProgress,
      isEnough: options.isEnough,
      onState: ({ id, ...tried }) => options.onCase?.({ case: stateName(id), ...tried }),
    })
    const { tried, failed, unjudged, unconfirmed, contents, problems } = campaign
    const inconclusive = unjudged + (failed === 0 ? unconfirmed : 0)
    return {
      cases: tried,

      of: null,
      passed: tried - failed - unjudged - unconfirmed,
      failed,
      inconclusive,
      distinct: contents,
      problems: problems.map(problemOf),
      controls,
      remark: null,
    }
  } finally {
    await rig.remove()
  }
}

/** However short the time is, states are tried for so long. */
const LEAST_MS = 1500

/** Cuts the power of any subject on a device that records. */
export const describedPowerCutTier: Tier = {
  name: 'power-cut',
  title: 'power cuts',
  async lacks(place) {
    if ('folder' in place) return 'it needs a volume of its own'
    return needsInWords(await lacksForPowerCuts(place.fileSystem))
  },
  async run(options) {
    if ('folder' in options.place) throw new Error('power cuts need a volume of their own')
    return await runOn(options.place.fileSystem, options)
  },
}
