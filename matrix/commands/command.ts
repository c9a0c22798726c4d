/** An option without a value. */
export interface Flag {
  describe: string
}

/** Turns what was given into a value. Throws a `UsageError` that says what would have been right. */
export interface Parse<T> {
  (text: string): T
  /** What can be given, where that can be named one by one. */
  choices?: readonly string[]
}

/** An option with a value. */
export interface Value<T> extends Flag {
  parse: Parse<T>
  required: boolean
  /** As it would be given; undefined where there is none. */
  fallback: string | undefined
  /** Whether it may be given more than once: what is parsed are lists, which become one. */
  repeated?: true
}

export const flag = (describe: string): Flag => ({ describe })

/** An option that may be left out. */
export const value = <T>(parse: Parse<T>, describe: string): Value<T | undefined> => ({
  describe,
  parse,
  required: false,
  fallback: undefined,
})

/** An option that is `fallback`, unless it is given. */
export const valueOr = <T>(fallback: string, parse: Parse<T>, describe: string): Value<T> => ({
  describe,
  parse,
  required: false,
  fallback,
})

/** An option that must be given. */
export const required = <T>(parse: Parse<T>, describe: string): Value<T> => ({
  describe,
  parse,
  required: true,
  fallback: undefined,
})

/** An option that may be given any number of times; the list of all of them. */
export const listOf = <T>(parse: (text: string) => T, describe: string): Value<T[]> => ({
  describe,
  parse: (text) => [parse(text)],
  required: false,
  fallback: undefined,
  repeated: true,
})

/** The options of a command by their names, in camel case: `maxAge` is `--max-age`. */
export type OptionSpecs = Readonly<Record<string, Flag | Value<unknown>>>

/** What the options of a command come to. */
export type Given<O extends OptionSpecs> = {
  [Name in keyof O]: O[Name] extends Value<infer T> ? T : boolean
}

/** What one command takes, says in its help, and does. */
export interface Command<O extends OptionSpecs = OptionSpecs> {
  options: O
  /** What stands in its help below the options. */
  notes: string
  /** Lines that begin with `pullplug`, or with what leads to it, and what each is for, if it has to be said. */
  examples: readonly (readonly [line: string, purpose?: string])[]
  /** Whether it makes anything that has to be undone when it is stopped. */
  makesThings: boolean
  /** Does it; `operands` are the arguments that are no options. Returns the exit code. */
  run(given: Given<O>, operands: string[]): Promise<number>
}

/** A command, with the types of its options. */
export function command<const O extends OptionSpecs>(spec: Command<O>): Command {
  return spec as unknown as Command
}

/** How an option is written: `maxAge` as `max-age`. */
export const optionName = (key: string): string =>
  key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

export const takesValue = (option: Flag | Value<unknown>): option is Value<unknown> =>
  'parse' in option

/** The values of an option that can be named one by one; none of one that takes any, or takes none. */
export const choicesOf = (option: Flag | Value<unknown>): readonly string[] =>
  takesValue(option) ? (option.parse.choices ?? []) : []

/** A parser of which it is known what can be given. */
export const choosing = <T>(choices: readonly string[], parse: (text: string) => T): Parse<T> =>
  Object.assign((text: string) => parse(text), { choices })
