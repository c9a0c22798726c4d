import { CannotRead } from './cannot-read.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a

/** How many keys a JSON text writes: each has a colon behind it, outside of any string. */
function keysWritten(text: string): number {
  let keys = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === COLON) keys++
    if (unit !== QUOTE) continue
    for (at++; text.charCodeAt(at) !== QUOTE; at++) {
      if (text.charCodeAt(at) === BACKSLASH) at++
    }
  }
  return keys
}

/** How many keys a parsed value has, at any depth. Throws `CannotRead` on the one that is no plain key. */
function keysOf(value: unknown): number {
  let keys = 0
  const waiting = [value]
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (typeof next !== 'object' || next === null) continue
    const values = Object.values(next)
    if (!Array.isArray(next)) keys += values.length
    if (Object.hasOwn(next, '__proto__')) throw new CannotRead('has a key __proto__')
    for (const each of values) if (typeof each === 'object' && each !== null) waiting.push(each)
  }
  return keys
}

/**
 * Parses JSON in which no object has a key twice: `JSON.parse` keeps the last of them, so that a value has
 * fewer keys than its text writes. Throws `CannotRead`.
 */
export function parseStrictly(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new CannotRead('is not JSON')
  }
  if (keysOf(value) !== keysWritten(text)) throw new CannotRead('has a key twice')
  return value
}
