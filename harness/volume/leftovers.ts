import { existsSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { listBounded } from '../files/list-bounded.ts'
import { examineOwned, type Finding, type Kindred } from '../owned/examine.ts'
import { findOrphans } from '../owned/orphans.ts'
import { UNFINISHED_PREFIX, whereIs } from '../owned/owned-folder.ts'
import { entryOf } from '../owned/registry.ts'
import { whyNotTrusted } from '../owned/trust.ts'
import { killSync } from '../process/kill-sync.ts'
import { MachineError } from '../process/machine-error.ts'
import { isSameOwner, lifeOf, type Owner } from '../process/owner.ts'
import { abortFuse } from './abort-fuse.ts'
import { loopDevicesOf } from './attachment.ts'
import { holdersOf } from './holders.ts'
import { loopDevices, mountsWithin } from './mounts.ts'
import { isDeviceUsed, mountsElsewhere, unmountElsewhere } from './other-namespaces.ts'
import { cgroupOf, isServed } from './served-folder.ts'
import { defaultStateDirectory } from './state-directory.ts'
import { undo } from './undo.ts'
import { imageOf, mountPointOf, PLACE, VOLUME_NAMES } from './volume-folder.ts'

/** A volume whose process is dead. */
export interface Leftover {
  /** Its folder, which may be gone. */
  directory: string
  /** It may be gone. */
  imagePath: string
  /** Where it is mounted, or null. */
  mountPoint: string | null
  /** Those that stand on its image, such as `/dev/loop3`. */
  loopDevices: string[]
  /** Who made it; null where nothing says so. */
  owner: Owner | null
  ageMs: number
  /** How it is known that nobody needs it. */
  why: string
}

/** Something in the state directory that is not known to be left, and that nobody here will touch. */
export interface Foreign {
  directory: string
  reason: string
}

/** What killed runs left in a state directory, and what else is there but for living volumes. */
export interface StateSurvey {
  leftovers: Leftover[]
  foreign: Foreign[]
}

type Examined = { leftover: Leftover } | { foreign: Foreign } | { alive: string } | { gone: string }

const foreign = (directory: string, reason: string): Examined => ({
  foreign: { directory, reason },
})

function whyInUse(directory: string): string | null {
  const mounts = [...mountsWithin(directory), ...mountsElsewhere(directory)]
  const [mount] = mounts
  if (mount !== undefined) return `${mount.source} is mounted in it`
  const [device] = loopDevicesOf(directory)
  if (device !== undefined) return `${device} stands on its image`
  const [holder] = holdersOf(directory)
  return holder === undefined ? null : `${holder.name} uses it`
}

const KINDRED: Kindred = { names: VOLUME_NAMES, whyInUse }

/** What of a volume is there where its folder is gone: its device, what is mounted of it, a subject's cgroup. */
function examineRest(directory: string): Finding {
  const devices = loopDevicesOf(directory)
  const isThere = mountsWithin(directory).length > 0 || cgroupOf(directory) !== null
  if (devices.length === 0 && !isThere) return { is: 'gone' }
  const entry = entryOf(directory)
  if (entry === null) {
    const used = devices.some(isDeviceUsed) || isThere
    return used
      ? { is: 'foreign', why: `it is gone, and ${devices.join(' and ')} on its image is used` }
      : { is: 'left', owner: null, ageMs: 0, why: 'it is gone, and nobody uses its device' }
  }
  const { owner, createdAtMs } = entry
  if (lifeOf(owner) !== 'dead') return { is: 'alive' }
  const why = `process ${owner.pid} made it and is dead`
  return { is: 'left', owner, ageMs: Date.now() - createdAtMs, why }
}

function whyForeign(directory: string): string | null {
  if (!existsSync(dirname(directory))) return null
  const path = whereIs(directory)
  if (path === null && existsSync(directory)) return 'it is not a directory'
  const distrust = whyNotTrusted(dirname(directory)) ?? (path && whyNotTrusted(path))
  if (distrust !== null) return distrust
  // By any other name, the kernel's lists would seem to hold nothing of it.
  return realpathSync(dirname(directory)) === dirname(directory) ? null : 'a link leads to it'
}

function examineVolume(directory: string): Examined {
  const distrust = whyForeign(directory)
  if (distrust !== null) return foreign(directory, distrust)
  const whole = examineOwned(directory, KINDRED)
  const finding = whole.is === 'gone' ? examineRest(directory) : whole
  if (finding.is === 'foreign') return foreign(directory, finding.why)
  if (finding.is === 'alive') return { alive: directory }
  if (finding.is === 'gone') return { gone: directory }
  const mountPoint = mountPointOf(directory)
  const { owner, ageMs, why } = finding
  return {
    leftover: {
      directory,
      imagePath: imageOf(directory),
      mountPoint: mountsWithin(mountPoint).length > 0 ? mountPoint : null,
      loopDevices: loopDevicesOf(directory),
      owner,
      ageMs,
      why,
    },
  }
}

/** Looks at a volume's folder; changes nothing. */
function examine(directory: string): Examined {
  try {
    return examineVolume(directory)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    // Its owner may be removing it just now.
    return code === 'ENOENT' ? { gone: directory } : foreign(directory, message)
  }
}

/** No machine has so many volumes at once, or so many that were left. */
const MAX_FOLDERS = 10_000

/** The folders of a state directory by their names, those without one yet among them. */
function foldersIn(root: string): string[] {
  const names = listBounded(root, { maxEntries: MAX_FOLDERS }).map(({ name }) =>
    name.startsWith(UNFINISHED_PREFIX) ? name.slice(UNFINISHED_PREFIX.length) : name,
  )
  return [...new Set(names)].filter((name) => name !== PLACE).map((name) => join(root, name))
}

/** Sorts out folders of volumes, wherever they are. */
export function surveyFolders(directories: readonly string[]): StateSurvey {
  const survey: StateSurvey = { leftovers: [], foreign: [] }
  if (process.platform !== 'linux') return survey
  // What serves a folder of a volume keeps that one busy.
  const servedFirst = [...directories].sort((a, b) => Number(isServed(b)) - Number(isServed(a)))
  for (const directory of servedFirst) {
    const finding = examine(directory)
    if ('leftover' in finding) survey.leftovers.push(finding.leftover)
    if ('foreign' in finding) survey.foreign.push(finding.foreign)
  }
  return survey
}

/** Looks at all that is in a state directory (default: the one of `createVolume`); changes nothing. */
export function surveyState(stateDirectory: string = defaultStateDirectory()): StateSurvey {
  if (process.platform !== 'linux' || !existsSync(stateDirectory)) return surveyFolders([])
  const root = realpathSync(stateDirectory)
  const distrust = whyNotTrusted(root)
  if (distrust !== null) {
    return { leftovers: [], foreign: [{ directory: root, reason: distrust }] }
  }
  return surveyFolders(foldersIn(root))
}

/** The folders of volumes, wherever they were, that are gone while loop devices stand on their images. */
export function goneFoldersOnLoopDevices(): string[] {
  const place = basename(dirname(defaultStateDirectory()))
  const isOurs = new RegExp(`/${place}/volumes/[^/]+/image$`)
  const files = loopDevices().map(({ file }) => file)
  const folders = files.filter((file) => isOurs.test(file)).map((file) => dirname(file))
  return folders.filter((folder) => whereIs(folder) === null)
}

/** The volumes in a state directory (default: the one of `createVolume`) that killed runs left. */
export async function findLeftovers(stateDirectory?: string): Promise<Leftover[]> {
  return surveyState(stateDirectory).leftovers
}

/** Ends what its owner started for its own work, which would go on to use it. */
function killOrphansOf(owner: Owner | null): void {
  if (owner === null) return
  killSync(findOrphans().flatMap((each) => (isSameOwner(each.owner, owner) ? each.pid : [])))
}

/**
 * Undoes one of them, after another look at it: one whose owner lives, or that is not known to be ours,
 * is never touched. One that is gone is fine. Throws a `MachineError` for the former two, and when
 * something is left.
 */
export async function removeLeftover({ directory }: Pick<Leftover, 'directory'>): Promise<void> {
  const finding = examine(directory)
  if ('gone' in finding) return
  if (!('leftover' in finding)) {
    const reason = 'foreign' in finding ? finding.foreign.reason : 'the process that made it lives'
    throw new MachineError(
      'BROKEN',
      `${directory} is not a leftover: ${reason}`,
      'Look at it, and remove it by hand if you know that nobody needs it.',
    )
  }
  abortFuse(directory)
  killOrphansOf(finding.leftover.owner)
  unmountElsewhere(directory)
  await undo(directory)
}
