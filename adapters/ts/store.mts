// How Pullplug calls your program. Each method may be async. It returns only once the change is as durable as
// pullplug.json promises, and throws where it failed.
// Build it, since pullplug.json names the compiled module: BUILD
export function open(directory: string) {
  const store = new StandIn(directory) // Open yours here, in this directory, which exists.
  return {
    put: (key: string, value: string) => store.put(key, value),
    delete: (key: string) => store.delete(key),
    read: () => store.pairs(), // All pairs: a Map, or a list of [key, value].
    close: () => store.close(),
  }
}

// All below stands in for your program and goes once yours is called above: a store in one file, which each change
// replaces as a whole.

import * as fs from 'node:fs'
import { join } from 'node:path'

class StandIn {
  readonly directory: string
  readonly path: string
  readonly map: Map<string, string>

  constructor(directory: string) {
    this.directory = directory
    this.path = join(directory, 'store.json')
    this.map = new Map(JSON.parse(readIfThere(this.path) ?? '[]'))
  }

  put(key: string, value: string): void {
    this.map.set(key, value)
    this.save()
  }

  delete(key: string): void {
    this.map.delete(key)
    this.save()
  }

  pairs(): Map<string, string> {
    return this.map
  }

  close(): void {}

  save(): void {
    // Synced, renamed, and the name synced: without any of the three, a power cut can undo it.
    fs.writeFileSync(`${this.path}.tmp`, JSON.stringify([...this.map]), { flush: true })
    fs.renameSync(`${this.path}.tmp`, this.path)
    const directory = fs.openSync(this.directory, 'r')
    fs.fsyncSync(directory)
    fs.closeSync(directory)
  }
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
