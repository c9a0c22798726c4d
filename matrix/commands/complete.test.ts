import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { completionsOf } from './complete.ts'
import { COMMANDS } from './index.ts'

const CLI = join(process.cwd(), 'dist', 'matrix', 'cli.js')

test('the first word is a command', async () => {
  const offered = await completionsOf([''])
  expect(offered).toEqual(expect.arrayContaining([...COMMANDS.keys()]))
  expect(await completionsOf(['--v'])).toContain('--version')
})

test.each([
  [
    ['matrix', '--'],
    ['--arch', '--fs', '--max-failures', '--no-color'],
    ['--tier', 'matrix'],
  ],
  [['matrix', '--quiet', '--'], ['--verbose'], ['--quiet']],
  [['matrix', '--fs', ''], ['ext4', 'xfs', 'workdir'], ['--arch']],
  [['matrix', '--arch', 'a'], ['amd64', 'arm64', 'all'], ['riscv64']],
  [['matrix', '--subject', 'no'], ['no-sync'], ['wal']],
  [['test', '--tier', ''], ['kill', 'power-cut', 'io-error'], []],
  [['test', '--tier', 'kill,'], ['kill,power-cut'], ['kill']],
  [['matrix', '--tear', ''], ['512', '4096'], []],
])('%j can become what there is', async (words, some, none) => {
  const offered = await completionsOf(words)
  expect(offered).toEqual(expect.arrayContaining(some))
  for (const each of none) expect(offered).not.toContain(each)
})

test.each([
  ['an operand', ['gate', '']],
  ['the value of an option that is a file', ['matrix', '--out', '']],
  ['a number', ['test', '--seed', '']],
  ['what follows no command', ['nonsense', '']],
])('files are meant by %s', async (_, words) => {
  expect(await completionsOf(words)).toEqual([])
})

test('bash completes by the script that is printed', async () => {
  const complete = `
    pullplug() { ${process.execPath} ${CLI} "$@"; }
    source <(pullplug completion bash)
    COMP_WORDS=(pullplug test --tier p) COMP_CWORD=3
    _pullplug_yargs_completions
    echo "\${COMPREPLY[@]}"`
  const { stdout, stderr } = await execa('bash', ['-c', complete])
  expect([stdout, stderr]).toEqual(['power-cut', ''])
})

test('the script for zsh is its own, and one for another shell is refused', async () => {
  const completion = (shell: string) =>
    execa(process.execPath, [CLI, 'completion', shell], { reject: false })
  const { stdout } = await completion('zsh')
  expect(stdout).toContain('compdef _pullplug_yargs_completions pullplug')
  expect(stdout).toContain('|| _files')
  const { exitCode, stderr } = await completion('fish')
  expect([exitCode, stderr]).toEqual([64, expect.stringContaining('there are bash, zsh')])
})
