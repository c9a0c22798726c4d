import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'

/** Makes our log wait for ever when it is opened in `directory`: its safe_seq is a pipe with no writer. */
export function makeOpeningHang(directory: string): void {
  const safeSeq = join(directory, 'telemetry.safe_seq')
  rmSync(safeSeq, { force: true })
  execFileSync('mkfifo', [safeSeq])
}
