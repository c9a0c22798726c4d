/** The check could not be made; the message says why. It makes a verdict `inconclusive`, never `fail`. */
export class CannotJudge extends Error {
  override readonly name = 'CannotJudge'
}
