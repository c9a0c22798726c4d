import { createHash } from 'node:crypto'
import { REQUEST, SECTOR_BYTES } from './device-request.ts'
import type { Recording } from './recording.ts'
import type { CrashState } from './state.ts'

/** 128 bits, as four words. */
type Digest = Uint32Array

const ZEROS = new Uint8Array(SECTOR_BYTES)

function digestOf(sector: number, bytes: Uint8Array): Digest {
  const hash = createHash('md5').update(String(sector)).update(':').update(bytes).digest()
  return new Uint32Array(hash.buffer, hash.byteOffset, 4)
}

function addTo(sum: Digest, digest: Digest): void {
  for (let i = 0; i < 4; i++) sum[i] = (sum[i] as number) ^ (digest[i] as number)
}

/**
 * Fingerprints of images by their content: two images with the same fingerprint are equal. An image's
 * is the sum (by exclusive or) of the digests of its sectors, each with its place, so that it follows
 * from another image's by the sectors that differ, and no image need be made.
 */
export class Fingerprints {
  readonly #recording: Recording
  /** The sectors of all that is durable, where they differ from the template's. */
  readonly #durable = new Map<number, Digest>()
  readonly #templates = new Map<number, Digest>()
  readonly #requests = new Map<number, Digest[]>()
  readonly #sum: Digest = new Uint32Array(4)
  #position = 0

  constructor(recording: Recording) {
    this.#recording = recording
  }

  /** The fingerprint of a state; states are to be asked for in the order of their epochs. */
  of({ epoch, kept, tear }: CrashState): string {
    this.#advance(epoch.fromPosition)
    const changed = new Map<number, Digest>()
    for (const request of kept) {
      const { fromBytes, toBytes } =
        tear?.request === request ? tear : { fromBytes: 0, toBytes: Number.POSITIVE_INFINITY }
      this.#eachSector(request, fromBytes, toBytes, (sector, digest) => changed.set(sector, digest))
    }
    const sum = this.#sum.slice()
    for (const [sector, digest] of changed) {
      addTo(sum, this.#durableAt(sector))
      addTo(sum, digest)
    }
    return Buffer.from(sum.buffer).toString('base64')
  }

  #advance(position: number): void {
    for (; this.#position < position; this.#position++) {
      this.#eachSector(this.#position, 0, Number.POSITIVE_INFINITY, (sector, digest) => {
        addTo(this.#sum, this.#durableAt(sector))
        addTo(this.#sum, digest)
        this.#durable.set(sector, digest)
      })
      this.#requests.delete(this.#position)
    }
  }

  #durableAt(sector: number): Digest {
    const digest = this.#durable.get(sector) ?? this.#templates.get(sector)
    if (digest !== undefined) return digest
    const at = sector * SECTOR_BYTES
    const made = digestOf(sector, this.#recording.template.subarray(at, at + SECTOR_BYTES))
    this.#templates.set(sector, made)
    return made
  }

  #eachSector(
    number: number,
    fromBytes: number,
    toBytes: number,
    visit: (sector: number, digest: Digest) => void,
  ): void {
    const request = this.#recording.requests[number]
    if (request === undefined || request.kind === REQUEST.flush) return
    const first = request.offsetBytes / SECTOR_BYTES
    const digests = this.#digestsOf(number)
    const last = Math.min(toBytes / SECTOR_BYTES, digests.length)
    for (let i = fromBytes / SECTOR_BYTES; i < last; i++) visit(first + i, digests[i] as Digest)
  }

  #digestsOf(number: number): Digest[] {
    const known = this.#requests.get(number)
    if (known !== undefined) return known
    const { requests, data } = this.#recording
    const { kind, offsetBytes, sizeBytes, dataOffset } = requests[number] as (typeof requests)[0]
    const first = offsetBytes / SECTOR_BYTES
    const made = Array.from({ length: sizeBytes / SECTOR_BYTES }, (_, i) => {
      const at = dataOffset + i * SECTOR_BYTES
      return digestOf(
        first + i,
        kind === REQUEST.zero ? ZEROS : data.subarray(at, at + SECTOR_BYTES),
      )
    })
    this.#requests.set(number, made)
    return made
  }
}
