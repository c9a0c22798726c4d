#!/usr/bin/env node
import { constants } from 'node:os'
import { inspect } from 'node:util'

// It loads nothing of ours before it has taken care of how the process ends: whatever is loaded can fail.

const BROKEN = 4
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

let inWords = (error: unknown): string => {
  // Anything can be thrown, and not all of it has a message or can be made a string.
  if (!(error instanceof Error)) return `pullplug could not be loaded: ${inspect(error)}`
  const { code, message } = error as NodeJS.ErrnoException
  const remedy = code === 'EMFILE' ? '\n  Raise the limit of open files (ulimit -n).' : ''
  return `pullplug could not be loaded: ${message}${remedy}`
}

function breakOff(error: unknown): never {
  try {
    process.stderr.write(`${inWords(error)}\n`)
  } finally {
    // Exit handlers undo what was made.
    process.exit(BROKEN)
  }
}

function stopEarly(signal: (typeof SIGNALS)[number]): never {
  process.exit(128 + constants.signals[signal])
}

// Node ends by 1 or 13 when something goes wrong that nobody caught, and 1 is for verdicts alone.
process.exitCode = BROKEN
process.on('uncaughtException', breakOff)
// Whoever writes an answer learns of an error there; progress that nobody reads stops nothing.
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})
for (const signal of SIGNALS) process.on(signal, stopEarly)
try {
  const { lastWords, main } = await import('./main.ts')
  inWords = lastWords
  const ending = main(process.argv.slice(2))
  // Only now that it listens itself: a signal that came meanwhile is lost when nobody listens for a moment.
  for (const signal of SIGNALS) process.off(signal, stopEarly)
  process.exitCode = await ending
} catch (error) {
  breakOff(error)
}
