// How Pullplug calls your program. Each method may be async. It returns only once the change is as durable as
// pullplug.json promises, and throws where it failed.
// Build it, since pullplug.json names the compiled module: BUILD
export function open(directory: string) {
  const file = new StandIn(directory) // Open yours here, in this directory, which exists.
  return {
    replace: (content: string) => file.replace(content),
    read: () => file.content(), // The content, or null where there is none yet.
    close: () => file.close(),
  }
}

// All below stands in for your program and goes once yours is called above: a file that is replaced by a rename.

import * as fs from 'node:fs'
import { join } from 'node:path'

class StandIn {
  readonly directory: string
  readonly path: string

  constructor(directory: string) {
    this.directory = directory
    this.path = join(directory, 'file')
  }

  replace(content: string): void {
    // Synced, renamed, and the name synced: without any of the three, a power cut can undo it.
    fs.writeFileSync(`${this.path}.tmp`, content, { flush: true })
    fs.renameSync(`${this.path}.tmp`, this.path)
    const directory = fs.openSync(this.directory, 'r')
    fs.fsyncSync(directory)
    fs.closeSync(directory)
  }

  content(): string | null {
    return readIfThere(this.path)
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
