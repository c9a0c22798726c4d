import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../matrix/package-root.ts'
import { blocksOf, pageWith, type Told } from './page.ts'
import { descriptionAt, ROWS_BY_NAME, replaceFile } from './read.ts'
import type { Results } from './result.ts'
import { documentedIn } from './row.ts'

const PAGE = join(packageRoot, 'docs', 'findings.md')

/** All findings that have results, with what their documentation says. */
export const toldBy = (results: Results): Told[] =>
  [...ROWS_BY_NAME].flatMap(([name, row]) => {
    const result = results[name]
    if (result === undefined) return []
    return [{ name, row, result, documented: descriptionAt(documentedIn(row)) }]
  })

/** The page as it stands, and as it must be by these results. */
export function pageBy(results: Results): { now: string; due: string } {
  const now = readFileSync(PAGE, 'utf8')
  return { now, due: pageWith(now, blocksOf(toldBy(results))) }
}

export const writePage = (results: Results): void => replaceFile(PAGE, pageBy(results).due)
