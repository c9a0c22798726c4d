import type { Change, Contents, SubjectKind } from './change.ts'

/** What a subject is asked, as one object of JSON a line; each line is answered by one line, in order. */
export type Request =
  | { id: number; do: 'open'; directory: string }
  | ({ id: number } & Change)
  | { id: number; do: 'read' }
  | { id: number; do: 'close' }

/** An error as it crosses a process border. `code` is the operating system's, where one lies beneath. */
export interface SubjectError {
  message: string
  code?: string
}

/** What it answers: that it is done, what it holds, or why it could not. */
export type Answer =
  | { id: number; ok: true }
  | ({ id: number; ok: true } & Contents)
  | ({ id: number; ok: false } & SubjectError)

const isString = (value: unknown): value is string => typeof value === 'string'

function isPair(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every(isString)
}

/** What an answer to `read` must hold, by kind. */
const CONTENTS: Record<
  SubjectKind,
  { field: string; what: string; fits: (value: unknown) => boolean }
> = {
  log: {
    field: 'entries',
    what: 'a list of strings',
    fits: (value) => Array.isArray(value) && value.every(isString),
  },
  store: {
    field: 'pairs',
    what: 'a list of pairs of strings',
    fits: (value) => Array.isArray(value) && value.every(isPair),
  },
  file: {
    field: 'content',
    what: 'a string or null',
    fits: (value) => value === null || isString(value),
  },
}

/** An answer as it was understood; `contents` is null but for a `read`. */
export type Reply = { ok: true; contents: Contents | null } | ({ ok: false } & SubjectError)

/** A line that a subject answered, or which rule of the contract it breaks, in a sentence. */
export type ParsedAnswer = { reply: Reply } | { broken: string }

const shown = (line: string): string =>
  line.length > 80 ? `${JSON.stringify(line.slice(0, 80))}…` : JSON.stringify(line)

/**
 * Reads one line that answers `request`. What breaks a rule is told with what was asked and what came. It
 * never throws.
 */
export function parseAnswer(kind: SubjectKind, request: Request, line: string): ParsedAnswer {
  const broken = (rule: string): ParsedAnswer => ({
    broken: `it answered ${shown(line)} to ${request.do}, and ${rule}`,
  })
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return broken(
      'an answer must be one object of JSON on a line; nothing else may go to its standard output',
    )
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return broken('an answer must be an object')
  }
  const answer = value as Record<string, unknown>
  if (answer.id !== request.id) {
    return broken(`its id must be ${request.id}: each line is answered once, in order`)
  }
  if (answer.ok === false) {
    if (!isString(answer.message)) return broken('one with "ok": false must say why in "message"')
    const code = isString(answer.code) ? { code: answer.code } : {}
    return { reply: { ok: false, message: answer.message, ...code } }
  }
  if (answer.ok !== true) return broken('it must hold "ok": true or "ok": false')
  if (request.do !== 'read') return { reply: { ok: true, contents: null } }
  const { field, what, fits } = CONTENTS[kind]
  if (!fits(answer[field])) return broken(`what is read of a ${kind} stands in "${field}", ${what}`)
  return { reply: { ok: true, contents: { [field]: answer[field] } as unknown as Contents } }
}
