import { closeSync, openSync, readSync, writeSync } from 'node:fs'

const CHUNK_BYTES = 64 * 1024
const ZEROS = Buffer.alloc(CHUNK_BYTES)

function isZero(chunk: Uint8Array): boolean {
  return ZEROS.subarray(0, chunk.length).equals(chunk)
}

/** Reads a sparse file; what is zero there takes no memory here. */
export function readSparse(path: string, sizeBytes: number): Uint8Array {
  const image = new Uint8Array(sizeBytes)
  const chunk = Buffer.alloc(CHUNK_BYTES)
  const file = openSync(path, 'r')
  try {
    for (let atBytes = 0; atBytes < sizeBytes; ) {
      const readBytes = readSync(file, chunk, 0, chunk.length, atBytes)
      if (readBytes === 0) break
      const part = chunk.subarray(0, readBytes)
      if (!isZero(part)) image.set(part, atBytes)
      atBytes += readBytes
    }
  } finally {
    closeSync(file)
  }
  return image
}

/** Writes an image to a file of its size that is nothing but a hole; what is zero stays one. */
export function writeSparse(path: string, image: Uint8Array): void {
  const file = openSync(path, 'r+')
  try {
    for (let atBytes = 0; atBytes < image.length; atBytes += CHUNK_BYTES) {
      const chunk = image.subarray(atBytes, atBytes + CHUNK_BYTES)
      if (!isZero(chunk)) writeSync(file, chunk, 0, chunk.length, atBytes)
    }
  } finally {
    closeSync(file)
  }
}
