import pc from 'picocolors'

/** Of whatever decides about colours: the command line and the environment. */
export interface ColourWishes {
  args: readonly string[]
  env: Readonly<Record<string, string | undefined>>
}

const HERE: ColourWishes = { args: process.argv.slice(2), env: process.env }

const isSet = (text: string | undefined): boolean => text !== undefined && text !== ''

/**
 * Whether a stream is written to in colours: what the command line says (`--color`, `--no-color`), else what `NO_COLOR`,
 * `FORCE_COLOR` and `CI` say, else whether it is a terminal that has them.
 */
export function wantsColours(
  stream: { isTTY?: boolean | undefined },
  { args, env }: ColourWishes = HERE,
): boolean {
  const options = args.includes('--') ? args.slice(0, args.indexOf('--')) : args
  if (options.includes('--no-color')) return false
  if (options.includes('--color')) return true
  const { NO_COLOR, FORCE_COLOR, CI, TERM } = env
  if (isSet(NO_COLOR)) return false
  if (isSet(FORCE_COLOR)) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  return isSet(CI) || (stream.isTTY === true && TERM !== 'dumb')
}

/** The colours of an answer: of what goes to standard output. */
export const colours = pc.createColors(wantsColours(process.stdout))
