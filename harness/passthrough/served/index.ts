import { DIRECTORIES } from './directories.ts'
import { FILES } from './files.ts'
import { LOOKUPS } from './lookups.ts'
import { NAMES } from './names.ts'
import type { Row } from './row.ts'
import { SET_ATTRIBUTES } from './set-attributes.ts'

/** What is served, by opcode. What has no row is answered ENOSYS, and the kernel does without from then on. */
export const SERVED: Partial<Record<number, Row>> = {
  ...LOOKUPS,
  ...NAMES,
  ...FILES,
  ...SET_ATTRIBUTES,
  ...DIRECTORIES,
}
