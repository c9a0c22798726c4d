const ROLES: Readonly<Record<string, string>> = {
  'telemetry.wal': 'wal',
  'telemetry.safe_seq': 'safe-seq',
  'telemetry.safe_seq.tmp': 'safe-seq-tmp',
  'telemetry.wal.cut.tmp': 'cut-tmp',
}
/** What a recovery kept; the seq behind which it was cut off is part of its name. */
const KEPT_PREFIX = 'telemetry.wal.cut-'

/** What a file of our log, by its name, is called in the names of operations; any other file is called by its name. */
export function roleOf(file: string): string {
  return ROLES[file] ?? (file.startsWith(KEPT_PREFIX) ? 'cut' : file)
}
