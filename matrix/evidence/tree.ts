import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { MachineError } from '../../harness/process/machine-error.ts'

/** A run's folder, and the cell that its place says. */
export interface RunPath {
  arch: string
  fileSystem: string
  path: string
}

/** What stands below an evidence folder: runs in order, and paths that are no run's. */
export interface EvidenceTree {
  runs: RunPath[]
  foreign: string[]
}

const EXPLANATION = 'README.md'

function names(path: string): string[] {
  const natural = new Intl.Collator('en', { numeric: true }).compare
  return readdirSync(path)
    .filter((name) => !name.startsWith('.'))
    .sort(natural)
}

const isFolder = (path: string): boolean => statSync(path).isDirectory()

/**
 * Finds the runs below `root`, `<arch>/<fs>/run-N`, and shards of runs, `run-N-shard-I-of-M`. Names that begin with a dot are passed over: runs
 * being written, and superseded ones. Throws a `MachineError` when there is no such folder.
 */
export function findRuns(root: string): EvidenceTree {
  if (!existsSync(root) || !isFolder(root)) {
    const remedy = 'Run `pullplug matrix`, or name the folder that holds the evidence.'
    throw new MachineError('MISSING', `there is no evidence folder ${root}`, remedy)
  }
  const tree: EvidenceTree = { runs: [], foreign: [] }
  for (const arch of names(root)) {
    if (arch === EXPLANATION) continue
    const archPath = join(root, arch)
    if (!isFolder(archPath)) {
      tree.foreign.push(archPath)
      continue
    }
    for (const fileSystem of names(archPath)) {
      const cellPath = join(archPath, fileSystem)
      if (!isFolder(cellPath)) {
        tree.foreign.push(cellPath)
        continue
      }
      for (const run of names(cellPath)) {
        const path = join(cellPath, run)
        if (/^run-[1-9]\d*(-shard-[1-9]\d*-of-[1-9]\d*)?$/.test(run) && isFolder(path))
          tree.runs.push({ arch, fileSystem, path })
        else tree.foreign.push(path)
      }
    }
  }
  return tree
}
