/** What a plan draws in place of a number whose range it can't know: a share of it, in 1/65536. */
export const MAX_SHARE = 65535

/** What a drawn share means of `count` things: a whole number from 0 to `count` - 1. */
export function shareOf(count: number, share: number): number {
  return Math.floor((share * count) / (MAX_SHARE + 1))
}
