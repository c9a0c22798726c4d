import { endianness } from 'node:os'

/** The kernel speaks to this machine's processes in this machine's byte order. */
const LITTLE_ENDIAN = endianness() === 'LE'

/** How many bytes each field of a C struct takes; their order is that of the struct. */
type Fields = Record<string, 2 | 4 | 8>

/** What its fields hold. Above 2^53 a number that is read is rounded; none that a server needs is so large. */
export type ValuesOf<F extends Fields> = { readonly [Name in keyof F]: number }

/** The layout of a C struct whose fields follow each other without gaps, as all of linux/fuse.h do. */
export interface Struct<F extends Fields> {
  readonly sizeBytes: number
  /** A struct that begins at byte `at`: its fields are read when they are asked for. */
  read(view: DataView, at: number): ValuesOf<F>
  /** Puts values into a struct that begins at byte `at`; a field that is not given stays as it is. */
  fill(view: DataView, at: number, values: Partial<Record<keyof F, number | bigint>>): void
}

/** Where a struct lies. */
class Place {
  readonly view: DataView
  readonly at: number

  constructor(view: DataView, at: number) {
    this.view = view
    this.at = at
  }
}

function readField(view: DataView, at: number, sizeBytes: number): number {
  if (sizeBytes === 2) return view.getUint16(at, LITTLE_ENDIAN)
  if (sizeBytes === 4) return view.getUint32(at, LITTLE_ENDIAN)
  // Without a BigInt, which would have to be made for each.
  const [low, high] = LITTLE_ENDIAN ? [at, at + 4] : [at + 4, at]
  return view.getUint32(low, LITTLE_ENDIAN) + view.getUint32(high, LITTLE_ENDIAN) * 2 ** 32
}

function fillField(view: DataView, at: number, sizeBytes: number, value: number | bigint): void {
  if (sizeBytes === 2) view.setUint16(at, Number(value), LITTLE_ENDIAN)
  else if (sizeBytes === 4) view.setUint32(at, Number(value), LITTLE_ENDIAN)
  else view.setBigUint64(at, BigInt(value), LITTLE_ENDIAN)
}

/** Tells a struct by its fields, in their order. */
export function struct<F extends Fields>(fields: F): Struct<F> {
  class Values extends Place {}
  let sizeBytes = 0
  const places = Object.entries(fields).map(([name, fieldBytes]) => {
    const offset = sizeBytes
    sizeBytes += fieldBytes
    Object.defineProperty(Values.prototype, name, {
      get(this: Place) {
        return readField(this.view, this.at + offset, fieldBytes)
      },
    })
    return { name, offset, fieldBytes }
  })
  return {
    sizeBytes,
    read: (view, at) => new Values(view, at) as unknown as ValuesOf<F>,
    fill(view, at, values) {
      for (const { name, offset, fieldBytes } of places) {
        const value = values[name]
        if (value !== undefined) fillField(view, at + offset, fieldBytes, value)
      }
    },
  }
}
