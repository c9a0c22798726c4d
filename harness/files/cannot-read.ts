/**
 * Something that stands where a file or a directory should and is not read. The message is what is said of
 * it, such as `is a FIFO and not a file`, so that it goes behind a name.
 */
export class CannotRead extends Error {
  override readonly name = 'CannotRead'
}
