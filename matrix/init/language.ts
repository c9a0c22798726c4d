/** The kinds of subjects, in the order in which they are offered. */
export const KINDS = ['store', 'log', 'file'] as const

/** The names of what stands in a folder. */
export type Names = ReadonlySet<string>

/** What is written for a subject in a folder, and how it is run. */
export interface Layout {
  /** The adapter's path from the folder. */
  adapter: string
  run: { module: string } | { command: readonly [string, ...string[]] }
  /** The command that builds it; null where it runs as it is. */
  build: string | null
  /** What has to be installed, as a part of a sentence; null where nothing more than that language's own. */
  needs: string | null
}

/** A language that an adapter can be written in. */
export interface Language {
  name: string
  /** Its name in sentences. */
  title: string
  /** The parts of an adapter in `adapters/`, in their order; `KIND` stands for the kind. */
  parts: readonly string[]
  /** The file by which a folder is known to be of that language; undefined where it is not. `read` gives a file's text, or ''. */
  sign: (names: Names, read: (name: string) => string) => string | undefined
  layout: (names: Names, read: (name: string) => string) => Layout
}

/** The first of some names that is there. */
export function firstOf(names: Names, ...wanted: string[]): string | undefined {
  return wanted.find((name) => names.has(name))
}

/** The first name, in their order, that ends with one of these. */
export function firstEnding(names: Names, ...endings: string[]): string | undefined {
  return [...names].sort().find((name) => endings.some((ending) => name.endsWith(ending)))
}
