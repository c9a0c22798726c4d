/** `MISSING`: something needed is not there. `BROKEN`: it is there, and failed. */
export type MachineErrorCode = 'MISSING' | 'BROKEN'

/**
 * What the harness or the machine could not do. It says nothing about the subject, and is never a
 * verdict. `remedy` is what to do about it, in a sentence.
 */
export class MachineError extends Error {
  override readonly name = 'MachineError'
  readonly code: MachineErrorCode
  readonly remedy: string

  constructor(
    code: MachineErrorCode,
    message: string,
    remedy: string,
    options: { cause?: unknown } = {},
  ) {
    super(message, options)
    this.code = code
    this.remedy = remedy
  }
}
