import { SECTOR_BYTES } from '../harness/crash-states/device-request.ts'
import type { Recording } from '../harness/crash-states/recording.ts'
import { isInFull } from '../harness/crash-states/sampling.ts'
import type { CrashState } from '../harness/crash-states/state.ts'
import { statesOf } from '../harness/crash-states/states.ts'
import { planPowerCut } from '../harness/plan/power-cut.ts'
import { cutPower } from '../harness/power-cut/campaign.ts'
import { Device } from '../harness/power-cut/device/device.ts'
import { diskSubjectHost } from '../harness/power-cut/disk-subject-host.ts'
import { lacksForPowerCuts } from '../harness/power-cut/requirements.ts'
import { Rig } from '../harness/power-cut/rig.ts'
import { View } from '../harness/power-cut/view.ts'
import type { FileSystemName } from '../harness/volume/file-systems/index.ts'
import { HOME } from '../subjects/home.ts'
import type { BenchResult } from './result.ts'

const SEED = 1
const STATES = { ext4: 480, xfs: 160, btrfs: 160 } as const
const ROUNDS = 5

/** Mounts and unmounts each state and does nothing there; returns the milliseconds that one takes. */
async function mountOnly(devices: Device[], recording: Recording, states: CrashState[]) {
  const views = devices.map((device) => new View(device, recording))
  const startedMs = performance.now()
  await Promise.all(
    devices.map(async (device, lane) => {
      const part = Math.ceil(states.length / devices.length)
      for (const state of states.slice(lane * part, (lane + 1) * part)) {
        views[lane]?.show(state)
        await device.mount(recording.mountOptions)
        await device.unmount()
      }
    }),
  )
  return (performance.now() - startedMs) / states.length
}

async function check(rig: Rig, recording: Recording, states: CrashState[]): Promise<number> {
  const requests = states.map((state, i) => ({
    state,
    inFull: isInFull({ round: 1, number: i + 1 }),
  }))
  const startedMs = performance.now()
  await rig.checkAll(recording, requests, () => 'more')
  return (performance.now() - startedMs) / states.length
}

/** States of the disk a second, against mounting and unmounting the same ones and doing nothing there. */
async function benchLanes(fileSystem: FileSystemName, lanes: number): Promise<BenchResult> {
  const rig = await Rig.create({ fileSystem, lanes, host: diskSubjectHost(HOME) })
  const devices: Device[] = []
  try {
    const sizeBytes = rig.template.image.length
    for (let lane = 0; lane < lanes; lane++) {
      devices.push(await Device.create({ fileSystem, sizeBytes, inOrder: false }))
    }
    const recording = await rig.record('wal', planPowerCut(SEED, 1))
    const states = statesOf(recording, SEED)
      .distinct.slice(0, STATES[fileSystem])
      .sort((a, b) => a.epoch.fromPosition - b.epoch.fromPosition)
    // The processes are started before the clock runs.
    await check(rig, recording, states.slice(0, 64))
    const rounds: { floorMs: number; checkMs: number }[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const floorMs = await mountOnly(devices, recording, states)
      rounds.push({ floorMs, checkMs: await check(rig, recording, states) })
    }
    const ratio = (round: (typeof rounds)[0]): number => round.floorMs / round.checkMs
    const median = rounds.sort((a, b) => ratio(a) - ratio(b))[
      (ROUNDS - 1) / 2
    ] as (typeof rounds)[0]
    const { floorMs, checkMs } = median
    const apart = `${floorMs.toFixed(2)} ms of mounting, ${(checkMs - floorMs).toFixed(2)} ms of checking`
    return {
      what: `states of ${fileSystem}, ${lanes} at a time`,
      figure: `${Math.round(1000 / checkMs)} a second (${apart})`,
      baseline: `mounted and unmounted only: ${Math.round(1000 / floorMs)} a second`,
      ratio: ratio(median),
      wanted: 0.7,
      note: `${states.length} states, median of ${ROUNDS} rounds`,
    }
  } finally {
    await rig.remove()
    for (const device of devices) await device.remove()
  }
}

const SOME_STATES = 600
const MANY_STATES = 3000

/** What the process grows by when many more states are tried than some. */
async function benchMemory(): Promise<BenchResult> {
  const rig = await Rig.create({ fileSystem: 'ext4', host: diskSubjectHost(HOME) })
  const options = { subject: 'wal', seed: SEED, tearBytes: SECTOR_BYTES }
  try {
    await cutPower(rig, { ...options, extent: { states: SOME_STATES } })
    const startBytes = process.memoryUsage().rss
    await cutPower(rig, { ...options, extent: { states: MANY_STATES } })
    const grownMiB = (process.memoryUsage().rss - startBytes) / 2 ** 20
    return {
      what: 'memory of states',
      figure: `${grownMiB.toFixed(1)} MiB more after ${MANY_STATES} than after ${SOME_STATES}`,
      baseline: 'at most 64 MiB',
      ratio: 64 / Math.max(grownMiB, 1),
      wanted: 1,
    }
  } finally {
    await rig.remove()
  }
}

/** Cutting the power of ext4 and xfs, one state at a time and two; nothing where that can't be done. */
export async function benchPowerCuts(): Promise<BenchResult[]> {
  const lacks = await lacksForPowerCuts('xfs')
  if (lacks.length > 0) {
    process.stderr.write(
      `power cuts: skipped, for lack of ${lacks.map(({ what }) => what).join(', ')}\n`,
    )
    return []
  }
  const results: BenchResult[] = []
  for (const fileSystem of ['ext4', 'xfs'] as const) {
    for (const lanes of [1, 2]) results.push(await benchLanes(fileSystem, lanes))
  }
  return [...results, await benchMemory()]
}
