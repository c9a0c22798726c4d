import { expect, test } from 'vitest'
import type { CountedOperation } from '../observed/counted-operation.ts'
import { KINDS, type Kind } from '../passthrough/operation.ts'
import { caseInWords, caseName, casesAt } from './cases.ts'
import { IO_ERROR_NAMES, IO_ERRORS } from './errors/index.ts'

function counted(number: number, kind: Kind, more: Partial<CountedOperation> = {}) {
  const lengthBytes = kind === 'write' ? 100 : 0
  return {
    number,
    during: `append ${number}`,
    kind,
    name: `${kind} log`,
    lengthBytes,
    growsBytes: lengthBytes,
    stopsBytes: [],
    ...more,
  }
}

const ALL = KINDS.map((kind, at) => counted(at + 1, kind))

/** The errors that an operation can meet, as words. */
const errorsAt = (operation: CountedOperation): string =>
  IO_ERROR_NAMES.filter((error) => IO_ERRORS[error].canStrike(operation)).join(' ')

test('every operation meets the errors that its call can give, and no other', () => {
  const table = Object.fromEntries(ALL.map((operation) => [operation.kind, errorsAt(operation)]))
  expect(table).toMatchInlineSnapshot(`
    {
      "chmod": "EIO",
      "chown": "EIO",
      "create": "EIO ENOSPC EDQUOT EMFILE EINTR",
      "fallocate": "EIO ENOSPC EDQUOT EINTR",
      "fsync": "EIO EINTR sync-lost syncs-fail",
      "fsyncdir": "EIO syncs-fail",
      "link": "EIO ENOSPC EDQUOT",
      "mkdir": "EIO ENOSPC EDQUOT",
      "open": "EIO EMFILE EINTR",
      "open-truncate": "EIO EMFILE EINTR",
      "read": "EIO EINTR",
      "rename": "EIO ENOSPC EDQUOT",
      "rmdir": "EIO",
      "symlink": "EIO ENOSPC EDQUOT",
      "truncate": "EIO EINTR",
      "unlink": "EIO",
      "utimes": "EIO",
      "write": "EIO ENOSPC EDQUOT EINTR short-half short-one short-none full-half full-none",
    }
  `)
})

test.each([
  ['of one byte', { lengthBytes: 1, growsBytes: 1 }, 'short-none full-none'],
  ['of two bytes', { lengthBytes: 2, growsBytes: 2 }, 'short-one short-none full-half full-none'],
  ['of nothing', { lengthBytes: 0, growsBytes: 0 }, ''],
  ['that needs no room', { lengthBytes: 100, growsBytes: 0 }, 'short-half short-one short-none'],
] as const)('a write %s is not done in part where it has no such part', (_, more, expected) => {
  const inPart = errorsAt(counted(1, 'write', more))
    .split(' ')
    .filter((error) => error.includes('-'))
  expect(inPart.join(' ')).toBe(expected)
})

test('each row tests the promise of its error, and orders it at the operation of that number', () => {
  const table = Object.fromEntries(
    IO_ERROR_NAMES.map((error) => {
      const { promised, lasts, losesUnsynced, orderAt } = IO_ERRORS[error]
      const how = `${promised}${lasts ? ', lasts' : ''}${losesUnsynced ? ', loses' : ''}`
      return [error, [how, JSON.stringify(orderAt({ number: 7, kind: 'write' }))]]
    }),
  )
  expect(table).toMatchInlineSnapshot(`
    {
      "EDQUOT": [
        "full-disk",
        "{"fault":"error","at":{"called":7,"kind":"write"},"errno":"EDQUOT"}",
      ],
      "EINTR": [
        "io-error",
        "{"fault":"error","at":{"called":7,"kind":"write"},"errno":"EINTR"}",
      ],
      "EIO": [
        "io-error",
        "{"fault":"error","at":{"called":7,"kind":"write"},"errno":"EIO"}",
      ],
      "EMFILE": [
        "io-error",
        "{"fault":"error","at":{"called":7,"kind":"write"},"errno":"EMFILE"}",
      ],
      "ENOSPC": [
        "full-disk",
        "{"fault":"error","at":{"called":7,"kind":"write"},"errno":"ENOSPC"}",
      ],
      "full-half": [
        "full-disk, lasts",
        "{"fault":"full-disk","at":{"called":7,"kind":"write"},"roomBytes":"half"}",
      ],
      "full-none": [
        "full-disk, lasts",
        "{"fault":"full-disk","at":{"called":7,"kind":"write"},"roomBytes":0}",
      ],
      "short-half": [
        "io-error",
        "{"fault":"short-write","at":{"called":7,"kind":"write"},"wroteBytes":"half"}",
      ],
      "short-none": [
        "io-error",
        "{"fault":"short-write","at":{"called":7,"kind":"write"},"wroteBytes":0}",
      ],
      "short-one": [
        "io-error",
        "{"fault":"short-write","at":{"called":7,"kind":"write"},"wroteBytes":1}",
      ],
      "sync-lost": [
        "io-error, loses",
        "{"fault":"failed-sync","at":{"called":7,"kind":"write"},"loses":true}",
      ],
      "syncs-fail": [
        "io-error, lasts",
        "{"fault":"failed-sync","at":{"called":7,"kind":"write"},"loses":false,"times":"for-good"}",
      ],
    }
  `)
})

test('a case is named by its operation, its error and what comes behind, and no two alike', () => {
  const cases = casesAt(ALL)
  const names = cases.map(caseName)
  expect(new Set(names).size).toBe(names.length)
  expect(names).toContain('10-EIO-reopens')
  expect(names).toContain('10-full-half-goes-on')
})

test('a change that meets an error goes on, or is reopened', () => {
  expect(casesAt([counted(4, 'chmod')]).map(caseName)).toEqual(['4-EIO-goes-on', '4-EIO-reopens'])
})

test.each(['open', 'close'])(
  'what is met while it is asked to %s is one case, not two',
  (during) => {
    expect(casesAt([counted(4, 'chmod', { during })]).map(caseName)).toEqual(['4-EIO-goes-on'])
  },
)

test('a case is told in words', () => {
  const given = { operation: counted(21, 'write'), error: 'full-half', sequel: 'reopens' } as const
  expect(caseInWords(given)).toBe(
    'append 21: write log (operation 21) does half of its bytes, and then the disk is full, and the subject is reopened',
  )
  expect(caseInWords({ ...given, error: 'EIO', sequel: 'goes-on' })).toBe(
    'append 21: write log (operation 21) is answered EIO, and the subject goes on',
  )
})
