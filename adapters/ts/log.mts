// How Pullplug calls your program. Each method may be async. It returns only once the change is as durable as
// pullplug.json promises, and throws where it failed.
// Build it, since pullplug.json names the compiled module: BUILD
export function open(directory: string) {
  const log = new StandIn(directory) // Open yours here, in this directory, which exists.
  return {
    append: (entry: string) => log.append(entry),
    read: () => log.entries(), // All entries, in order.
    close: () => log.close(),
  }
}

// All below stands in for your program and goes once yours is called above: a log in one file, which each change
// replaces as a whole.

import * as fs from 'node:fs'
import { join } from 'node:path'

class StandIn {
  readonly directory: string
  readonly path: string
  readonly list: string[]

  constructor(directory: string) {
    this.directory = directory
    this.path = join(directory, 'log.json')
    this.list = JSON.parse(readIfThere(this.path) ?? '[]')
  }

  append(entry: string): void {
    this.list.push(entry)
    // Synced, renamed, and the name synced: without any of the three, a power cut can undo it.
    fs.writeFileSync(`${this.path}.tmp`, JSON.stringify(this.list), { flush: true })
    fs.renameSync(`${this.path}.tmp`, this.path)
    const directory = fs.openSync(this.directory, 'r')
    fs.fsyncSync(directory)
    fs.closeSync(directory)
  }

  entries(): string[] {
    return this.list
  }

  close(): void {}
}

// Only what is not there reads as nothing: a disk that fails says something else.
function readIfThere(path: string): string | null {
  try {
    return fs.readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return null
    throw error
  }
}
