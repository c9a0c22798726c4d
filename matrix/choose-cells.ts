import { volumeCapabilities } from '../harness/volume/capabilities.ts'
import { FILE_SYSTEMS } from '../harness/volume/file-systems.ts'
import { WORKING_DIRECTORY } from './cells.ts'
import { nativeArch } from './host.ts'

/** A cell that can't be run here, and what would be needed. */
export interface MissingCell {
  cell: string
  needs: string[]
  /** Whether it was asked for by name. */
  asked: boolean
}

/** What a matrix is to run here, and what it can't. */
export interface CellChoice {
  run: { arch: string; fileSystem: string }[]
  missing: MissingCell[]
}

/** The file systems that a matrix runs when none is named. */
export const DEFAULT_FILE_SYSTEMS = ['ext4', 'xfs']

/**
 * The cells to run of those asked for (all lists; undefined for the defaults). Where no volume can be
 * made at all and no file system was named, the working directory's own stands in.
 */
export async function chooseCells(
  arches: string[] | undefined,
  fileSystems: string[] | undefined,
): Promise<CellChoice> {
  const choice: CellChoice = { run: [], missing: [] }
  const native = nativeArch()
  const capabilities = await volumeCapabilities()
  const asked = arches !== undefined || fileSystems !== undefined
  for (const arch of arches ?? [native]) {
    for (const fileSystem of fileSystems ?? DEFAULT_FILE_SYSTEMS) {
      const needs: string[] = []
      if (arch !== native) needs.push(`a machine of that architecture: this one is ${native}`)
      const capability = capabilities.find((each) => each.fileSystem === fileSystem)
      if (fileSystem !== WORKING_DIRECTORY && capability?.available !== true) {
        needs.push(...(capability?.missing ?? []))
      }
      if (needs.length === 0) choice.run.push({ arch, fileSystem })
      else choice.missing.push({ cell: `${arch}/${fileSystem}`, needs, asked })
    }
  }
  if (choice.run.length === 0 && !asked) {
    choice.run.push({ arch: native, fileSystem: WORKING_DIRECTORY })
  }
  return choice
}

/** Every file system that can be named. */
export const FILE_SYSTEM_NAMES = [...Object.keys(FILE_SYSTEMS), WORKING_DIRECTORY]
