import { expect, test } from 'vitest'
import { COMMANDS } from '../matrix/commands/index.ts'
import { EXIT } from '../matrix/exit-code.ts'
import { Page } from '../matrix/testing/page.ts'

const PAGE = new Page(new URL('commands.md', import.meta.url))

test('the page tells every command, and no other', () => {
  const told = [...PAGE.text.matchAll(/^\| `pullplug ([\w-]+)/gm)].map(([, name]) => name)
  expect(told.toSorted()).toEqual([...COMMANDS.keys()].toSorted())
})

test('the page tells every exit code, and besides them those of signals', () => {
  const told = [...PAGE.section('Exit codes').matchAll(/^\| (\d+)(?= +\|)/gm)].map(([, code]) =>
    Number(code),
  )
  expect(told).toEqual(Object.values(EXIT))
})
