import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
} from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'

/** Files from which a program of the same name is built. */
const SOURCES = [
  '.c',
  '.cc',
  '.cpp',
  '.go',
  '.rs',
  '.zig',
  '.ts',
  '.mts',
  '.cts',
  '.java',
  '.swift',
]

/** The source that lies where a built file is missing; undefined where none does. */
function sourceFor(path: string): string | undefined {
  const folder = dirname(path)
  if (!existsSync(folder)) return undefined
  const stem = basename(path, extname(path))
  return readdirSync(folder).find((name) => SOURCES.some((source) => name === `${stem}${source}`))
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

const BEGINNING_BYTES = 256

/** The first bytes of a file, one character each; empty where it cannot be read. */
function beginningOf(path: string): string {
  const bytes = Buffer.alloc(BEGINNING_BYTES)
  try {
    const file = openSync(path, 'r')
    try {
      return bytes.toString('latin1', 0, readSync(file, bytes))
    } finally {
      closeSync(file)
    }
  } catch {
    return ''
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Why a file of a description cannot be used, in a sentence; null where it is there. `shown` is how it is written there. */
export function problemWithFile(path: string, shown: string): string | null {
  if (isFile(path)) return null
  if (existsSync(path)) return `${shown} is not a file`
  const source = sourceFor(path)
  return source === undefined
    ? `${shown} is not there`
    : `${shown} is not there, and ${source} is: it must be built first`
}

/** Where a program is, which is named with a slash, or found in the folders of `path`; null where it is nowhere. */
function findProgram(program: string, folder: string, path: string): string | null {
  if (program.includes('/')) return resolve(folder, program)
  const places = path.split(':').map((place) => join(resolve(folder, place || '.'), program))
  return places.find((place) => isFile(place) && isExecutable(place)) ?? null
}

/** The kernel says of a script whose interpreter is missing that the script is. */
function problemWithFirstLine(path: string, shown: string): string | null {
  const [, interpreter, lineEnd] = /^#! *(\/[^\s]+)[^\r\n]*(\r?)/.exec(beginningOf(path)) ?? []
  if (interpreter === undefined) return null
  if (lineEnd !== '')
    return `${shown} has the line ends of Windows, with which its first line names no program`
  return existsSync(interpreter) ? null : `${shown} is run by ${interpreter}, which is not there`
}

/** Why a program cannot be started in a folder, in a sentence; null where it can. `path` is that of the environment. */
export function problemWithProgram(program: string, folder: string, path: string): string | null {
  const found = findProgram(program, folder, path)
  if (found === null) {
    return `the program ${program} is in none of the folders of PATH, which is ${path}; "environment" can give another one`
  }
  const problem = problemWithFile(found, program)
  if (problem !== null) return problem
  return isExecutable(found)
    ? problemWithFirstLine(found, program)
    : `${program} may not be executed (chmod +x)`
}
