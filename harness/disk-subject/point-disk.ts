import { aroundDisk } from '../../wal/around-disk.ts'
import { type Disk, writeFully } from '../../wal/disk.ts'
import { type Operation, operationName, type RoleOf } from './operations.ts'
import { bytesWithin, type Point } from './point.ts'

/** Where a process is to die, and how. */
export interface Death {
  point: Point
  /** Called at the point, with the operation and, inside a write, the bytes of it that are done. */
  die: (operation: Operation, writtenBytes?: number) => never
}

/** What is told of the operations, and what happens at a point. */
export interface PointDiskOptions {
  /** What the subject is doing now. */
  during: () => string
  /** Told of every operation, when it has been made. */
  onOperation?: (operation: Operation) => void
  death?: Death
  /** How files are called; by their names unless given. */
  roleOf?: RoleOf
}

/**
 * A disk that counts operations and dies at a point: before an operation, after it, or within a write
 * of which only the first bytes were done.
 */
export function pointDisk(inner: Disk, options: PointDiskOptions): Disk {
  let number = 0
  return aroundDisk(inner, (call, proceed) => {
    const operation: Operation = {
      number: ++number,
      during: options.during(),
      name: operationName(call, options.roleOf),
      ...(call.name === 'write' ? { writeBytes: (call.args[1] as Uint8Array).length } : {}),
    }
    const death = options.death?.point.number === operation.number ? options.death : undefined
    if (death?.point.moment === 'before') death.die(operation)
    if (death?.point.moment === 'within' && call.name === 'write') {
      const [file, bytes, positionBytes] = call.args as [number, Uint8Array, number]
      const writtenBytes = bytesWithin(death.point, bytes.length)
      writeFully(inner, file, bytes.subarray(0, writtenBytes), positionBytes)
      death.die(operation, writtenBytes)
    }
    const result = proceed()
    if (death?.point.moment === 'after') death.die(operation)
    options.onOperation?.(operation)
    return result
  })
}
