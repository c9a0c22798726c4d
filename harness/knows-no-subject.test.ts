import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** The names of subjects that come with this program, and of their files. */
const NAMES = /telemetry\.|['"`](wal|atomic-rename|no-sync)['"`]|safe_seq|\.\.\/subjects\//

test('no part of the harness knows a subject by name', () => {
  const here = import.meta.dirname
  const sources = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.c?ts$/.test(path) && !/\.test\.ts$|(^|\/)testing\//.test(path),
  )
  expect(sources.length).toBeGreaterThan(100)
  expect(sources.filter((path) => NAMES.test(readFileSync(join(here, path), 'utf8')))).toEqual([])
})
