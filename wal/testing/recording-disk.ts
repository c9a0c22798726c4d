import { basename } from 'node:path'
import { aroundDisk } from '../around-disk.ts'
import type { Disk } from '../disk.ts'
import { nodeDisk } from '../node-disk.ts'

/** The real disk, with every call in order as `operation file`, such as `sync telemetry.wal`. */
export function recordingDisk(directory: string): { disk: Disk; calls: string[] } {
  const calls: string[] = []
  const disk = aroundDisk(nodeDisk, (call, proceed) => {
    const result = proceed()
    calls.push(`${call.name} ${call.path === directory ? '.' : basename(call.path)}`)
    return result
  })
  return { disk, calls }
}
