import type { Subject } from '../disk-subject/subject.ts'
import type { FailureName } from '../oracle/failure.ts'
import type { Ext4Variant } from '../volume/file-systems/ext4.ts'
import type { FileSystemName } from '../volume/file-systems/index.ts'

/** A subject broken on purpose: what is broken about it, and which tier can see that. */
export interface Control {
  subject: Subject
  /** What is broken, in a sentence. */
  defect: string
  /** Why no SIGKILL can show it; undefined when one can, and then the kill tier must catch it. */
  unseenBecause?: string
  /** Why no power cut shows it on some file systems; on the others, the power-cut tier must catch it. */
  unseenByPowerCut?: Partial<Record<FileSystemName | Ext4Variant, string>>
  /** The failures that a power cut can show of it; undefined for all that one recovery can show. */
  shownByPowerCut?: readonly FailureName[]
}

/** Why missing syncs of data don't show there. */
export const JOURNAL_KEEPS_ORDER = {
  'data=journal':
    'data goes through the journal, so that a sync of the directory makes durable what was written before',
}

/** Why no SIGKILL shows what was never synced. */
export const CACHE_OUTLIVES =
  'the page cache outlives a killed process, so what was never synced is still there; only a power cut shows it'
