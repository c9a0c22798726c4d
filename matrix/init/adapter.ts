import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SubjectKind } from '../../harness/subject/change.ts'
import { packageRoot } from '../package-root.ts'
import type { Language, Layout } from './language.ts'

/** The text of an adapter: a small subject of its kind that works as it stands. */
export function adapterOf({ parts }: Language, kind: SubjectKind, { build }: Layout): string {
  const texts = parts.map((part) =>
    readFileSync(join(packageRoot, 'adapters', part.replace('KIND', kind)), 'utf8'),
  )
  return texts.join('').replace('BUILD', () => build ?? '')
}
