import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Description } from '../harness/subject/description.ts'
import { packageRoot } from '../matrix/package-root.ts'
import type { Results } from './result.ts'
import type { Row } from './row.ts'

const ROWS = join(packageRoot, 'findings', 'rows')
const RESULTS = join(packageRoot, 'findings', 'results.json')

export const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))

/** Replaces a file of the checkout as a whole. */
export function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.tmp`, text)
  renameSync(`${path}.tmp`, path)
}

/** The findings by name: a file each, the name of which is the finding's. */
export const ROWS_BY_NAME: ReadonlyMap<string, Row> = new Map(
  readdirSync(ROWS)
    .sort()
    .map((file) => [basename(file, '.json'), readJson(join(ROWS, file)) as Row]),
)

/** The description of a subject, from the folder `subjects`. */
export const descriptionAt = (path: string): Description =>
  readJson(join(packageRoot, 'subjects', path)) as Description

/** What the last runs of the findings came to. */
export const readResults = (): Results =>
  existsSync(RESULTS) ? (readJson(RESULTS) as Results) : {}

export const writeResults = (results: Results): void =>
  replaceFile(RESULTS, `${JSON.stringify(results, null, 2)}\n`)
