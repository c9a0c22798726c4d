/** The command line can't be understood; the message is a sentence that says what would have been right. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
