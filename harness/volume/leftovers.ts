import { existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { killSync } from '../process/kill-sync.ts'
import { MachineError } from '../process/machine-error.ts'
import { isAlive, type Owner } from '../process/owner.ts'
import { abortFuse } from './abort-fuse.ts'
import { loopDevicesOn, mountsWithin } from './mounts.ts'
import { orphansOf } from './orphans.ts'
import { defaultStateDirectory, whyNotTrusted } from './state-directory.ts'
import { undo } from './undo.ts'
import { imageOf, mountPointOf, readTitle, UNFINISHED_OWNER_FILE } from './volume-folder.ts'

/** A volume whose process is dead. */
export interface Leftover {
  /** Its folder. */
  directory: string
  /** It may be gone. */
  imagePath: string
  /** Where it is mounted, or null. */
  mountPoint: string | null
  /** Those that stand on its image, such as `/dev/loop3`. */
  loopDevices: string[]
  /** Who made it; null for a folder whose maker died while making it. */
  owner: Owner | null
  ageMs: number
}

/** Something in the state directory that is not known to be ours, and that nobody here will touch. */
export interface Foreign {
  directory: string
  reason: string
}

/** What killed runs left in a state directory, and what else is there but for living volumes. */
export interface StateSurvey {
  leftovers: Leftover[]
  foreign: Foreign[]
}

/** A folder without an owner that is younger than this may be in the making. */
const HALF_MADE_MS = 10 * 60 * 1000

type Finding = { leftover: Leftover } | { foreign: Foreign } | { alive: string } | { gone: string }

function leftoverIn(directory: string, owner: Owner | null, ageMs: number): Leftover {
  const mountPoint = mountPointOf(directory)
  const imagePath = imageOf(directory)
  return {
    directory,
    imagePath,
    mountPoint: mountsWithin(mountPoint).length > 0 ? mountPoint : null,
    loopDevices: loopDevicesOn(imagePath),
    owner,
    ageMs,
  }
}

function foreign(directory: string, reason: string): Finding {
  return { foreign: { directory, reason } }
}

function examineFolder(directory: string): Finding {
  const distrust = whyNotTrusted(dirname(directory)) ?? whyNotTrusted(directory)
  if (distrust !== null) return foreign(directory, distrust)
  // By any other name, the kernel's lists would seem to hold nothing of it.
  if (realpathSync(directory) !== directory) return foreign(directory, 'a link leads to it')
  const title = readTitle(directory)
  if (title !== null) {
    if (isAlive(title.owner)) return { alive: directory }
    return { leftover: leftoverIn(directory, title.owner, Date.now() - title.createdAtMs) }
  }
  const ageMs = Date.now() - lstatSync(directory).mtimeMs
  const halfMade = readdirSync(directory).every((name) => name === UNFINISHED_OWNER_FILE)
  if (halfMade && mountsWithin(directory).length === 0 && ageMs > HALF_MADE_MS) {
    return { leftover: leftoverIn(directory, null, ageMs) }
  }
  const mounted = mountsWithin(directory).map(({ source }) => `, and ${source} is mounted in it`)
  return foreign(directory, `its owner.json does not say who made it${mounted.join('')}`)
}

function examine(directory: string): Finding {
  try {
    return examineFolder(directory)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    // Its owner may be removing it just now.
    return code === 'ENOENT' ? { gone: directory } : foreign(directory, message)
  }
}

/** Looks at all that is in a state directory (default: the one of `createVolume`); changes nothing. */
export function surveyState(stateDirectory: string = defaultStateDirectory()): StateSurvey {
  const survey: StateSurvey = { leftovers: [], foreign: [] }
  if (process.platform !== 'linux' || !existsSync(stateDirectory)) return survey
  const root = realpathSync(stateDirectory)
  const distrust = whyNotTrusted(root)
  if (distrust !== null) {
    return { ...survey, foreign: [{ directory: root, reason: distrust }] }
  }
  for (const name of readdirSync(root)) {
    const finding = examine(join(root, name))
    if ('leftover' in finding) survey.leftovers.push(finding.leftover)
    if ('foreign' in finding) survey.foreign.push(finding.foreign)
  }
  return survey
}

/** The volumes in a state directory (default: the one of `createVolume`) that killed runs left. */
export async function findLeftovers(stateDirectory?: string): Promise<Leftover[]> {
  return surveyState(stateDirectory).leftovers
}

/**
 * Undoes one of them, after another look at it: one whose owner lives, or that is not known to be ours,
 * is never touched. One that is gone is fine. Throws a `MachineError` for the former two, and when
 * something is left.
 */
export async function removeLeftover({ directory }: Leftover): Promise<void> {
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
  killSync(orphansOf(directory))
  await undo(directory)
}
