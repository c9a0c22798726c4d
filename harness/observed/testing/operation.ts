import type { Operation } from '../../passthrough/operation.ts'

/** An operation as a trace has it, a write of ten bytes but for what is given. */
export const operation = (n: number, more: Partial<Operation>): Operation =>
  ({
    n,
    kind: 'write',
    path: 'subject/log',
    to: '',
    offsetBytes: 0,
    lengthBytes: 10,
    ...more,
  }) as Operation
