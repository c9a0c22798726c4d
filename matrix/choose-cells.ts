import { volumeCapabilities } from '../harness/volume/capabilities.ts'
import { ARCHITECTURES, CELLS, FILE_SYSTEM_NAMES, WORKING_DIRECTORY } from './cells.ts'
import { emulationNeeds } from './emulation/needs.ts'
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
const DEFAULT_FILE_SYSTEMS = ['ext4', 'xfs']

/** The file systems of an architecture's cells; with every architecture asked for, its extras as well. */
function fileSystemsOf(arch: string, everything: boolean): string[] {
  const known = CELLS.filter((cell) => cell.arch === arch).map(({ fileSystem }) => fileSystem)
  const extras = FILE_SYSTEM_NAMES.filter((name) => !known.includes(name))
  return everything && arch === nativeArch() ? [...known, ...extras] : known
}

/** The cells that are asked for (lists; undefined for the defaults), whether or not they run here. */
export function cellsAskedFor(
  arches: string[] | undefined,
  fileSystems: string[] | undefined,
): CellChoice['run'] {
  const native = nativeArch()
  const everything = ARCHITECTURES.every((arch) => arches?.includes(arch))
  const unnamed = (arch: string): string[] =>
    arches === undefined ? DEFAULT_FILE_SYSTEMS : fileSystemsOf(arch, everything)
  return (arches ?? [native]).flatMap((arch) =>
    (fileSystems ?? unnamed(arch)).map((fileSystem) => ({ arch, fileSystem })),
  )
}

/**
 * The cells to run of those asked for, and what the others need. Where no volume can be
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
  for (const { arch, fileSystem } of cellsAskedFor(arches, fileSystems)) {
    const needs = arch === native ? [] : emulationNeeds(arch)
    const capability = capabilities.find((each) => each.fileSystem === fileSystem)
    if (fileSystem !== WORKING_DIRECTORY && capability?.available !== true) {
      needs.push(...(capability?.missing ?? []))
    }
    if (needs.length === 0) choice.run.push({ arch, fileSystem })
    else choice.missing.push({ cell: `${arch}/${fileSystem}`, needs, asked })
  }
  if (choice.run.length === 0 && !asked) {
    choice.run.push({ arch: native, fileSystem: WORKING_DIRECTORY })
  }
  return choice
}
