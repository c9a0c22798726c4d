import { endianness } from 'node:os'

/** The kernel speaks to this machine's processes in this machine's byte order. */
const LITTLE_ENDIAN = endianness() === 'LE'

/** How many bytes each field of a C struct takes; their order is that of the struct. */
type Fields = Record<string, 2 | 4 | 8>

/** What its fields hold. Above 2^53 a number that is read is rounded; none that a server needs is so large. */
export type ValuesOf<F extends Fields> = { [Name in keyof F]: number }

/** The layout of a C struct whose fields follow each other without gaps, as all of linux/fuse.h do. */
export interface Struct<F extends Fields> {
  readonly fields: F
  readonly sizeBytes: number
  /** What the fields hold of a struct that begins at byte `at`. */
  read(view: DataView, at: number): ValuesOf<F>
  /** Puts values into a struct that begins at byte `at`; a field that is not given stays as it is. */
  fill(view: DataView, at: number, values: Partial<Record<keyof F, number | bigint>>): void
}

function readField(view: DataView, at: number, sizeBytes: number): number {
  if (sizeBytes === 2) return view.getUint16(at, LITTLE_ENDIAN)
  if (sizeBytes === 4) return view.getUint32(at, LITTLE_ENDIAN)
  return Number(view.getBigUint64(at, LITTLE_ENDIAN))
}

function fillField(view: DataView, at: number, sizeBytes: number, value: number | bigint): void {
  if (sizeBytes === 2) view.setUint16(at, Number(value), LITTLE_ENDIAN)
  else if (sizeBytes === 4) view.setUint32(at, Number(value), LITTLE_ENDIAN)
  else view.setBigUint64(at, BigInt(value), LITTLE_ENDIAN)
}

/** Tells a struct by its fields, in their order. */
export function struct<F extends Fields>(fields: F): Struct<F> {
  let sizeBytes = 0
  const places = Object.entries(fields).map(([name, fieldBytes]) => {
    const place = { name, at: sizeBytes, fieldBytes }
    sizeBytes += fieldBytes
    return place
  })
  return {
    fields,
    sizeBytes,
    read(view, start) {
      const values: Record<string, number> = {}
      for (const { name, at, fieldBytes } of places) {
        values[name] = readField(view, start + at, fieldBytes)
      }
      return values as ValuesOf<F>
    },
    fill(view, start, values) {
      for (const { name, at, fieldBytes } of places) {
        const value = values[name]
        if (value !== undefined) fillField(view, start + at, fieldBytes, value)
      }
    },
  }
}
