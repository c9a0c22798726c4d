import { FILE_SYSTEMS } from '../harness/volume/file-systems/index.ts'
import type { CellStatus } from './evidence/types.ts'

/** One CPU architecture × one file system, and how much it weighs at the gate. */
export interface Cell {
  arch: string
  fileSystem: string
  status: CellStatus
}

/** The cells that the gate knows by name. Any other one is an informational extra. */
export const CELLS: readonly Cell[] = [
  { arch: 'amd64', fileSystem: 'ext4', status: 'gated' },
  { arch: 'amd64', fileSystem: 'xfs', status: 'gated' },
  { arch: 'arm64', fileSystem: 'ext4', status: 'gated' },
  { arch: 'arm64', fileSystem: 'xfs', status: 'optional' },
  { arch: 'riscv64', fileSystem: 'xfs', status: 'optional' },
  { arch: 'riscv64', fileSystem: 'ext4', status: 'informational' },
  { arch: 's390x', fileSystem: 'ext4', status: 'informational' },
]

/** The cell that is the working directory's own file system, whatever that is. */
export const WORKING_DIRECTORY = 'workdir'

/** Every file system that can be named. */
export const FILE_SYSTEM_NAMES = [...Object.keys(FILE_SYSTEMS), WORKING_DIRECTORY]

/** The architectures that have a cell. */
export const ARCHITECTURES = ['amd64', 'arm64', 'riscv64', 's390x'] as const

/** Their byte orders. */
export const ENDIANNESS: Readonly<Record<string, 'LE' | 'BE'>> = {
  amd64: 'LE',
  arm64: 'LE',
  riscv64: 'LE',
  s390x: 'BE',
}

/** How much a cell weighs; one that the gate does not know is informational. */
export function statusOf(arch: string, fileSystem: string): CellStatus {
  const known = CELLS.find((cell) => cell.arch === arch && cell.fileSystem === fileSystem)
  return known?.status ?? 'informational'
}
