import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { packageRoot } from '../../matrix/package-root.ts'

/** A log in one file, whose every append replaces all of it, by a rename or in its place. */
const source = (replace: string): string => `
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

function sync(path) {
  const file = openSync(path, 'r')
  fsyncSync(file)
  closeSync(file)
}

export function open(directory) {
  const path = join(directory, 'log.json')
  const entries = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : []
  return {
    append(entry) {
      entries.push(entry)
      const text = JSON.stringify(entries)
      ${replace}
      sync(directory)
    },
    read: () => entries,
    close() {},
  }
}
`

const CAREFUL =
  "writeFileSync(path + '.tmp', text, { flush: true })\n      renameSync(path + '.tmp', path)"
const IN_PLACE = 'writeFileSync(path, text, { flush: true })'

export interface Logs {
  folder: string
  /** A module that keeps what it acknowledges; from the working directory. */
  careful: string
  /** One that a kill between the opening of its file and the write leaves empty. */
  inPlace: string
}

/** Modules in a folder of the checkout that goes at the test's end: they are named from the working directory. */
export function logs(): Logs {
  const folder = mkdtempSync(join(packageRoot, 'dist', '.logs-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const write = (name: string, replace: string): string => {
    writeFileSync(join(folder, name), source(replace))
    return join(folder, name)
  }
  return {
    folder,
    careful: write('careful.mjs', CAREFUL),
    inPlace: write('in-place.mjs', IN_PLACE),
  }
}
