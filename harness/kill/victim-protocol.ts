import { constants } from 'node:os'
import type { Payload } from '../subject.ts'
import type { Operation } from './operations.ts'
import type { Point } from './point.ts'

/** What a victim is told to do, as one line of JSON on its standard input. */
export interface VictimJob {
  subject: string
  directory: string
  entries: Payload[]
  /** Where it is to die; without one it runs to its end. */
  point?: Point
  /** Whether to tell of every operation. */
  trace: boolean
}

/** An error as it crosses a process border. `osCode` is the operating system's, if one lies beneath. */
export interface ErrorReport {
  code: string
  message: string
  osCode: string | null
}

/** One line of JSON that a victim answers, in the order in which things happen. */
export type VictimLine =
  | { acked: number; seq: string }
  | { operation: Operation }
  | { point: Operation; writtenBytes?: number }
  | { refused: ErrorReport }
  | { done: true }

/** Linux's EUCLEAN, for which Node has no name: the file system found itself corrupt. */
const FILE_SYSTEM_CORRUPT = 'Unknown system error -117'

function isSystemCode(code: string): boolean {
  return code in constants.errno || code === FILE_SYSTEM_CORRUPT
}

/** What `error` is, for the other side: its code, its message, and the system's error beneath it. */
export function reportError(error: unknown): ErrorReport {
  const chain: (Error & { code?: unknown })[] = []
  for (let e = error; e instanceof Error && chain.length < 10; e = e.cause) chain.push(e)
  const system = chain.find(({ code }) => typeof code === 'string' && isSystemCode(code))
  return {
    code: String(chain[0]?.code ?? chain[0]?.name ?? 'Error'),
    message: chain[0]?.message ?? String(error),
    osCode: system === undefined ? null : String(system.code),
  }
}

/** Errors of the machine and not of the subject: a full or broken device, no resources, no right to. */
const MACHINE_CODES = new Set([
  ...['ENOSPC', 'EDQUOT', 'EIO', 'ENXIO', 'ENODEV', FILE_SYSTEM_CORRUPT],
  ...['EMFILE', 'ENFILE', 'ENOMEM'],
  ...['EROFS', 'EACCES', 'EPERM'],
])

/** Whether an error is the machine's doing, so that it says nothing about the subject. */
export function isMachineError(error: ErrorReport): boolean {
  return error.osCode !== null && MACHINE_CODES.has(error.osCode)
}

/** What an error says about who failed, in words. */
export function refusalInWords(error: ErrorReport): string {
  return `${isMachineError(error) ? 'the machine failed' : 'the subject refused'}: ${error.message}`
}
