import { durable } from './durable.ts'
import { each } from './each.ts'
import { opens } from './opens.ts'
import { ordered } from './ordered.ts'
import type { PromiseRow } from './row.ts'

/** Every promise, from the strongest to the weakest: a new one is a file here and a line. */
export const PROMISES = { durable, ordered, each, opens } as const satisfies Record<
  string,
  PromiseRow
>

export type SubjectPromise = keyof typeof PROMISES
