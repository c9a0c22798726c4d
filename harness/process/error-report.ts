import { constants } from 'node:os'
import { getSystemErrorMap } from 'node:util'

/** An error as it crosses a process border. `osCode` is the operating system's, if one lies beneath. */
export interface ErrorReport {
  code: string
  message: string
  osCode: string | null
}

/**
 * Linux's errors of a device, or of a file system that found itself corrupt, for which Node has no names, by
 * their numbers (asm-generic/errno.h). Other libraries do name them.
 */
const UNNAMED_BY_NODE: Readonly<Record<string, number>> = {
  EBADE: 52,
  ETIME: 62,
  EBADMSG: 74,
  ESTALE: 116,
  EUCLEAN: 117,
  ENOMEDIUM: 123,
  EMEDIUMTYPE: 124,
}

/** How Node calls an error of the system for which it has no name, by its number. */
const UNNAMED = /^Unknown system error -\d+$/

const SYSTEM_NAMES = new Set([
  ...Object.keys(constants.errno),
  ...[...getSystemErrorMap().values()].map(([name]) => name),
  ...Object.keys(UNNAMED_BY_NODE),
])

function isSystemCode(code: string): boolean {
  return (/^E[A-Z0-9]+$/.test(code) && SYSTEM_NAMES.has(code)) || UNNAMED.test(code)
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
  ...['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM'],
  ...['EMFILE', 'ENFILE', 'ENOMEM'],
  // What a device, or the connection to it, answers.
  ...['EIO', 'ENXIO', 'ENODEV', 'EREMOTEIO', 'ETIMEDOUT', 'ENODATA', 'EILSEQ', 'ENOLINK'],
  ...['ENOTCONN', 'ECONNABORTED', 'ESHUTDOWN'],
  ...Object.keys(UNNAMED_BY_NODE),
  ...Object.values(UNNAMED_BY_NODE).map((number) => `Unknown system error -${number}`),
])

/** Whether an error is the machine's doing, so that it says nothing about the subject. */
export function isMachineError(error: ErrorReport): boolean {
  return error.osCode !== null && MACHINE_CODES.has(error.osCode)
}

/**
 * Whether an error that the harness itself met, while it looked at what a fault left, says that it could not
 * look: whatever the system answered. A mistake in its own code is none.
 */
export function isSystemError(error: unknown): boolean {
  return reportError(error).osCode !== null
}

/** What an error says about who failed, in words. */
export function refusalInWords(error: ErrorReport): string {
  return `${isMachineError(error) ? 'the machine failed' : 'the subject refused'}: ${error.message}`
}
