import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SubjectKind } from '../subject/change.ts'
import type { DescribedSubject, Description } from '../subject/description.ts'

/** Where the subjects of tests stand. */
const FOLDER = join(import.meta.dirname, 'subjects')

const DURABLE = { kill: 'durable', 'power-cut': 'durable' } as const

export const LINES_LOG: DescribedSubject = {
  folder: FOLDER,
  description: { name: 'lines-log', kind: 'log', module: './lines-log.mjs', promises: DURABLE },
}
export const PYTHON_STORE: DescribedSubject = {
  folder: FOLDER,
  description: {
    name: 'python-store',
    kind: 'store',
    command: ['python3', 'store.py'],
    promises: DURABLE,
  },
}
export const ASYNC_FILE: DescribedSubject = {
  folder: FOLDER,
  description: { name: 'async-file', kind: 'file', module: './async-file.mjs', promises: DURABLE },
}

/** A log that does one thing wrong; `detail` says how or where. */
export function misbehaving(
  how: string,
  { detail = '', ...more }: { detail?: string } & Partial<Description> = {},
): DescribedSubject {
  const command = [process.execPath, 'misbehaves.mjs', how, detail] as const
  return {
    folder: FOLDER,
    description: { name: how, kind: 'log', command, promises: DURABLE, ...more } as Description,
  }
}

/** A module that is written for one test. */
export function moduleSubject(folder: string, kind: SubjectKind, source: string): DescribedSubject {
  writeFileSync(join(folder, 'subject.mjs'), source)
  return {
    folder,
    description: { name: 'module', kind, module: './subject.mjs', promises: DURABLE },
  }
}

/** The same subject with other fields in its description. */
export function withMore(subject: DescribedSubject, more: Partial<Description>): DescribedSubject {
  return { ...subject, description: { ...subject.description, ...more } as Description }
}
