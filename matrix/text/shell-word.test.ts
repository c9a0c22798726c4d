import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { shellWord, wordOf } from './shell-word.ts'

const TEXTS = ['evidence/amd64/ext4/run-1', 'my evidence', "it's", '$(true)', 'a;b', '', '~', '*']

test.each(TEXTS)('%j as a word is what a shell reads as that text', (text) => {
  const read = execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })
  expect(read).toBe(text)
  expect(wordOf(shellWord(text))).toBe(text)
})

test.each(['two words', "'unfinished", "'a'b", '$HOME', `"quoted"`])(
  '%j is no word of ours',
  (word) => {
    expect(wordOf(word)).toBeNull()
  },
)
