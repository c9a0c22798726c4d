import * as fastCheck from 'fast-check'
import { test as vitestTest } from 'vitest'
import type { Fields } from '../entry.ts'

/** An emulated machine takes fifty times as long for each, and says that it draws fewer. */
const RUNS = Number(process.env.PULLPLUG_DRAWS ?? 2000)

/** A test that holds `check` against values of these kinds; a failure prints its seed and its smallest case. */
export function test<T extends [unknown, ...unknown[]]>(
  title: string,
  kinds: { [K in keyof T]: fastCheck.Arbitrary<T[K]> },
  check: (...values: T) => void,
  runs = RUNS,
): void {
  vitestTest(title, () => {
    fastCheck.assert(
      fastCheck.property(...(kinds as unknown as [fastCheck.Arbitrary<unknown>]), ((
        ...values: unknown[]
      ) => check(...(values as unknown as T))) as (value: unknown) => void),
      { numRuns: runs },
    )
  })
}

/** What `JSON.stringify` leaves of a value. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

function jsonObject(): fastCheck.Arbitrary<Fields> {
  return fastCheck
    .dictionary(fastCheck.string({ unit: 'binary' }), fastCheck.jsonValue())
    .map((fields) => asJson(fields) as Fields)
    .filter((fields) => !Object.hasOwn(fields, 'seq'))
}

function damaged(bytes: Buffer, edits: [number, number][]): Buffer {
  const copy = Buffer.from(bytes)
  for (const [place, byte] of edits) if (copy.length > 0) copy[place % copy.length] = byte
  return copy
}

/** Bytes with a few overwritten. */
function edited(bytes: fastCheck.Arbitrary<Buffer>): fastCheck.Arbitrary<Buffer> {
  const interesting = fastCheck.constantFrom(
    ...Buffer.from('{}[],:"\\0-9.eu \n\u0000\u00ff', 'latin1'),
  )
  const edit = fastCheck.tuple(fastCheck.nat(), fastCheck.oneof(interesting, fastCheck.nat(255)))
  return fastCheck
    .tuple(bytes, fastCheck.array(edit, { maxLength: 3 }))
    .map((pair) => damaged(...pair))
}

/** The JSON of an entry, as the log writes it, now and then with some bytes changed. */
function almostJson(): fastCheck.Arbitrary<Buffer> {
  const seq = fastCheck.oneof(fastCheck.nat(12), fastCheck.maxSafeNat())
  const entry = fastCheck.tuple(seq, jsonObject()).map(([first, fields]) => {
    const rest = JSON.stringify(fields)
    return Buffer.from(rest === '{}' ? `{"seq":${first}}` : `{"seq":${first},${rest.slice(1)}`)
  })
  return fastCheck.oneof(entry, edited(entry))
}

/** fast-check, and the kinds of values that the log's tests are about. */
export const fc = {
  nat: fastCheck.nat,
  bytes: (maxBytes: number) =>
    fastCheck.uint8Array({ maxLength: maxBytes }).map((bytes) => Buffer.from(bytes)),
  bigInt: (min: bigint, max: bigint) => fastCheck.bigInt({ min, max }),
  array: fastCheck.array,
  oneof: fastCheck.oneof,
  tuple: fastCheck.tuple,
  constant: fastCheck.constant,
  edited,
  jsonObject,
  almostJson,
}
