import type { Subject } from '../../../harness/disk-subject/subject.ts'
import { controlNamed } from '../controls/index.ts'
import { walSubject } from '../subject.ts'

/** The subject of that name, ready to be run in memory; undefined when there is none. */
export function subjectNamed(name: string): Subject | undefined {
  return name === walSubject.name ? walSubject : controlNamed(name)?.subject
}
