import { controlNamed } from '../controls/controls.ts'
import type { Subject } from '../disk-subject/subject.ts'
import { walSubject } from '../subjects/wal.ts'

/** The subject of that name, ready to be run in memory; undefined when there is none. */
export function subjectNamed(name: string): Subject | undefined {
  return name === walSubject.name ? walSubject : controlNamed(name)?.subject
}
