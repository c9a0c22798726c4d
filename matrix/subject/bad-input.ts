/**
 * A file or folder that the user named is not what it must be, and nothing is wrong with the machine. The message
 * and `remedy` are sentences; a message may go on in further lines.
 */
export class BadInput extends Error {
  override readonly name = 'BadInput'
  readonly remedy: string

  constructor(message: string, remedy: string) {
    super(message)
    this.remedy = remedy
  }
}
