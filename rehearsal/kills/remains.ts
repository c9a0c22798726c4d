import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { allProcesses } from '../../harness/process/namespaces.ts'
import { statOf } from '../../harness/process/stat.ts'
import { isWithin, loopDevices, type Mount, parseMountinfo } from '../../harness/volume/mounts.ts'

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function linksOf(procNumber: number): string[] {
  const at = `/proc/${procNumber}`
  try {
    const files = readdirSync(`${at}/fd`).map((name) => `fd/${name}`)
    return ['cwd', 'root', ...files].flatMap((name) => {
      try {
        return readlinkSync(`${at}/${name}`)
      } catch {
        return []
      }
    })
  } catch {
    return []
  }
}

function namespaceOf(procNumber: number): string {
  try {
    return readlinkSync(`/proc/${procNumber}/ns/mnt`)
  } catch {
    return ''
  }
}

function everyMountBelow(folder: string): Mount[] {
  const processes = new Map(allProcesses().map((number) => [namespaceOf(number), number]))
  const all = [...processes.values()].flatMap((number) =>
    parseMountinfo(textOf(`/proc/${number}/mountinfo`)),
  )
  return all.filter(({ mountPoint }) => isWithin(folder, mountPoint))
}

/** What is mounted below a folder, in whatever mount namespace. */
export function mountsBelow(folder: string): string[] {
  const paths = everyMountBelow(folder).map(({ mountPoint }) => mountPoint)
  return [...new Set(paths)].map((path) => `mount ${path}`)
}

/** Whether a loop device is mounted below a folder, in whatever mount namespace. */
export const hasVolumeBelow = (folder: string): boolean =>
  everyMountBelow(folder).some(({ source }) => source.startsWith('/dev/loop'))

function devicesBelow(folder: string): string[] {
  return loopDevices()
    .filter(({ file }) => isWithin(folder, file))
    .map(({ device, file }) => `${device} on ${file}`)
}

/** The processes that were started with a folder in their environment, or that use it. */
function processesBelow(folder: string): string[] {
  return allProcesses()
    .filter((number) => !['Z', undefined].includes(statOf(number)?.state))
    .filter(
      (number) =>
        textOf(`/proc/${number}/environ`).includes(`${folder}/`) ||
        linksOf(number).some((path) => isWithin(folder, path)),
    )
    .map((number) => `process ${number} (${textOf(`/proc/${number}/comm`).trim()})`)
}

function pathsBelow(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) =>
    join(folder, name),
  )
}

/** What a run may leave in its folder: evidence that is whole, and folders that hold nothing. */
function mayStay(path: string, folder: string): boolean {
  const name = path.slice(folder.length + 1)
  return (
    ['cwd', 'tmp', 'cache', 'cwd/evidence'].includes(name) ||
    /^tmp\/pullplug-\d+(\/volumes(\/place)?)?$/.test(name) ||
    /^cwd\/evidence(\/\.superseded)?(\/[a-z0-9]+){0,2}$/.test(name) ||
    /^cwd\/evidence(\/\.superseded)?\/[a-z0-9]+\/[a-z0-9]+\/[^/.][^/]*(\/[^/]+)?$/.test(name)
  )
}

/** All that is left of runs in a folder, and of what they wrote down. */
export function remainsBelow(folder: string, registry: string): string[] {
  const entries = pathsBelow(registry).filter((path) => textOf(path).includes(`"${folder}/`))
  return [
    ...mountsBelow(folder),
    ...devicesBelow(folder),
    ...processesBelow(folder),
    ...pathsBelow(folder).filter((path) => !mayStay(path, folder)),
    ...entries.map((path) => `entry ${path}`),
  ]
}
