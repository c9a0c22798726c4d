import type { PortabilityRecord } from '../../evidence/types.ts'
import { conclude, stepOf } from '../../testing/evidence.ts'
import type { Change, Lie } from './lie.ts'

const portability =
  (change: (record: PortabilityRecord) => void): Change =>
  (draft) => {
    if (draft.portability !== null) change(draft.portability)
    conclude(draft)
  }

const step =
  (name: Parameters<typeof stepOf>[1], change: object): Change =>
  (draft) =>
    void Object.assign(stepOf(draft, name), change)

const first = <T>(all: T[]): T => all[0] as T

/** What is said of pairs of architectures, and digests. */
export const LIES_ABOUT_PORTABILITY: Lie[] = [
  [
    'no portability.json',
    (draft) => Object.assign(draft, { portability: null }),
    'the portability step says pass without portability.json',
  ],
  [
    'the pairs of another architecture',
    portability((each) => Object.assign(each, { arch: 'arm64' })),
    'portability.json is of another architecture',
  ],
  [
    'no pair',
    portability(({ pairs }) => pairs.splice(0)),
    'portability.json does not begin with the pair amd64 to amd64',
  ],
  [
    'a pair without its way back',
    portability(({ pairs }) => pairs.push({ ...first(pairs), recoverer: 'arm64' })),
    'portability.json lacks the pair arm64 to amd64, or has it elsewhere',
  ],
  [
    'a pair that stands twice',
    portability(({ pairs }) => pairs.push(first(pairs), first(pairs))),
    'portability.json has the pairs of amd64 and amd64 twice',
  ],
  [
    'a pair with fewer crashes',
    portability(({ pairs }) => Object.assign(first(pairs), { iterations: 2, passed: 2 })),
    'the pair amd64 to amd64 made 2 crashes, and there are 3',
  ],
  [
    'a pair that passed two of three',
    portability(({ pairs }) => Object.assign(first(pairs), { passed: 2 })),
    'the pair amd64 to amd64 passes with 2 of 3 crashes',
  ],
  [
    'a pair that passed more than it made',
    portability(({ pairs }) => Object.assign(first(pairs), { passed: 4 })),
    'the pair amd64 to amd64 passed more crashes than it made',
  ],
  [
    'a pair that passes with a failure',
    portability(({ pairs }) =>
      Object.assign(first(pairs), { failures: [{ name: 'hole', detail: 'entry 1 is missing' }] }),
    ),
    'the pair amd64 to amd64 contradicts its failures',
  ],
  [
    'a pair that passes with a reason',
    portability(({ pairs }) => Object.assign(first(pairs), { reason: 'so' })),
    'the pair amd64 to amd64 passes and gives a reason not to',
  ],
  [
    'one pair more in its counts',
    step('portability', { pairs: 2 }),
    'run.json counts 2 pairs in the portability step, and its parts have 1',
  ],
  [
    'no control of portability',
    portability((each) => Object.assign(each, { controls: [] })),
    'its control native-byte-order is not there',
  ],
  [
    'a control of byte orders that are alike',
    portability(({ controls }) =>
      Object.assign(first(controls), { expectation: 'caught', why: null }),
    ),
    'its control native-byte-order is expected to be caught, and must be unseen',
  ],
  [
    'a control that could not be tried and was',
    portability(({ controls }) => Object.assign(first(controls), { iterations: 3 })),
    'its control native-byte-order cannot have been tried there',
  ],
  [
    'other plans',
    portability(({ digests }) => Object.assign(digests, { plans: 'a'.repeat(64) })),
    'its plans are not those that this version computes',
  ],
  [
    'other bytes of its log',
    portability(({ digests }) => Object.assign(digests, { wal: 'b'.repeat(64) })),
    'the bytes of its log are not those that this version computes',
  ],
  [
    'other bytes of its safe_seq',
    portability(({ digests }) => Object.assign(digests, { safeSeq: 'c'.repeat(64) })),
    'the bytes of its safe_seq are not those that this version computes',
  ],
  [
    'other operations',
    portability(({ digests }) => Object.assign(digests, { operations: 'd'.repeat(64) })),
    'its file operations are not those that this version computes',
  ],
]
