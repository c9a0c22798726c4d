import type { Subject } from '../harness/disk-subject/subject.ts'

/**
 * The subject of that name: `wal`, `atomic-rename` or a control. Only its own module is loaded, since
 * a process is started for every kill. Throws on a name that is none.
 */
export async function loadSubject(name: string): Promise<Subject> {
  if (name === 'wal') return (await import('./wal/subject.ts')).walSubject
  if (name === 'atomic-rename')
    return (await import('./atomic-rename/subject.ts')).atomicRenameSubject
  const { controlNamed } = await import('./wal/controls/index.ts')
  const control = controlNamed(name)
  if (control === undefined) throw new Error(`there is no subject named ${name}`)
  return control.subject
}
