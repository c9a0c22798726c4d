import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

/** A text's bytes, and where in the file the first of them goes; null for where it stands. */
const bytesOf = (text, position, encoding) => ({
  bytes: Buffer.from(text, encoding ?? 'utf8'),
  from: position ?? null,
})

const behind = (from, at) => (from === null ? null : from + at)

/**
 * With WRITE_ALL=true a text that fs.write or fs.writeSync is given is written to its end, or an error says why not:
 * a write may do less than it was asked for, and then the rest is written. Import it before what writes.
 */
if (process.env.WRITE_ALL === 'true') {
  const { write, writeSync } = fs

  fs.writeSync = (fd, data, ...rest) => {
    if (typeof data !== 'string') return writeSync(fd, data, ...rest)
    const { bytes, from } = bytesOf(data, ...rest)
    let at = 0
    while (at < bytes.length) {
      at += writeSync(fd, bytes, at, bytes.length - at, behind(from, at))
    }
    return at
  }

  fs.write = (fd, data, ...rest) => {
    if (typeof data !== 'string') return write(fd, data, ...rest)
    const done = rest.pop()
    const { bytes, from } = bytesOf(data, ...rest)
    const writeRest = (at) => {
      if (at === bytes.length) return done(null, at, data)
      write(fd, bytes, at, bytes.length - at, behind(from, at), (error, written) =>
        error ? done(error) : writeRest(at + written),
      )
    }
    writeRest(0)
  }

  syncBuiltinESMExports()
}
