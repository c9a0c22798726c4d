import { lackOfResources } from '../resources.ts'
import type { Command } from './command.ts'

/** A command that can be named, as much as is known of it without loading it. */
export interface CommandEntry {
  /** Its name and operands: `<must>`, `[may]`, `..` for one or more. */
  usage: string
  description: string
  /** Loads no more than this one command needs. */
  load(): Promise<Command>
}

/** Loads the command that loads most; where that takes more open files than there may be, it says so. */
async function loadMatrix(): Promise<Command> {
  // Asked first, since the answer is in a file that could not be opened then.
  const lack = lackOfResources()
  try {
    return (await import('./matrix.ts')).matrix
  } catch (error) {
    throw lack ?? error
  }
}

/** Every command by its name, in the order of the help. */
export const COMMANDS: ReadonlyMap<string, CommandEntry> = new Map(
  [
    {
      usage: 'matrix',
      description: 'run the cells that this machine can, and leave evidence',
      load: loadMatrix,
    },
    {
      usage: 'init [folder]',
      description: 'describe your own program, and write an adapter to put calls of it into',
      load: async () => (await import('./init.ts')).init,
    },
    {
      usage: 'check [subject]',
      description: 'say whether a subject keeps the contract, before any fault',
      load: async () => (await import('./check.ts')).check,
    },
    {
      usage: 'test [subject]',
      description: 'hurt one subject in every way that this machine can, and judge it',
      load: async () => (await import('./test.ts')).test,
    },
    {
      usage: 'setup',
      description: 'bring what emulates other architectures into the cache',
      load: async () => (await import('./setup.ts')).setup,
    },
    {
      usage: 'replay <evidence>',
      description: 'run one iteration again, or rebuild one state of the disk, from its evidence',
      load: async () => (await import('./replay.ts')).replay,
    },
    {
      usage: 'export <evidence>',
      description: 'write a recorded log of writes and flushes for other tools',
      load: async () => (await import('./export.ts')).exportRecording,
    },
    {
      usage: 'verify <dir>',
      description: 'check a log’s directory as it stands, without the log’s own code',
      load: async () => (await import('./verify.ts')).verify,
    },
    {
      usage: 'merge <dir..>',
      description: 'bring the shards of runs together, so that the gate sees whole runs',
      load: async () => (await import('./merge.ts')).merge,
    },
    {
      usage: 'gate [dir]',
      description: 'the release decision, made from evidence alone',
      load: async () => (await import('./gate.ts')).gate,
    },
    {
      usage: 'report [dir]',
      description: 'what runs tried and saw, as a page, for CI systems, or for a pull request',
      load: async () => (await import('./report.ts')).report,
    },
    {
      usage: 'cells',
      description: 'list the cells that the gate knows, for a job matrix of a CI system',
      load: async () => (await import('./cells.ts')).cells,
    },
    {
      usage: 'doctor',
      description: 'say what this machine can and can’t do, and what killed runs left',
      load: async () => (await import('./doctor.ts')).doctor,
    },
    {
      usage: 'completion [shell]',
      description: 'print the script by which a shell completes commands, options and their values',
      load: async () => (await import('./completion.ts')).completion,
    },
  ].map((entry) => [entry.usage.split(' ')[0] as string, entry]),
)
