import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../../harness/testing/temporary-directory.ts'
import { MAX_PROBLEMS } from './limits.ts'
import { findRuns, firstProblems } from './tree.ts'

/** An evidence folder with one run, and whatever `add` puts beside it. */
function treeWith(add: (root: string) => void) {
  const root = temporaryDirectory()
  mkdirSync(join(root, 'amd64/ext4/run-1'), { recursive: true })
  add(root)
  const { runs, problems } = findRuns(root)
  expect(runs).toEqual([
    { arch: 'amd64', fileSystem: 'ext4', path: join(root, 'amd64/ext4/run-1') },
  ])
  return problems.map((problem) => problem.replaceAll(root, '.'))
}

test.each<[string, (root: string) => void, string]>([
  [
    'a link that leads nowhere',
    (root) => symlinkSync('nowhere', join(root, 'arm64')),
    './arm64 is a link, and none is followed',
  ],
  [
    'a link to itself',
    (root) => symlinkSync('xfs', join(root, 'amd64/xfs')),
    './amd64/xfs is a link, and none is followed',
  ],
  [
    'a link back to the folder above it',
    (root) => symlinkSync('..', join(root, 'amd64/ext4/run-2')),
    './amd64/ext4/run-2 is a link, and none is followed',
  ],
  [
    'a link in the place of the explanation',
    (root) => symlinkSync('/etc/passwd', join(root, 'README.md')),
    './README.md is a link, and none is followed',
  ],
  [
    'an architecture in capitals',
    (root) => mkdirSync(join(root, 'Amd64')),
    './Amd64 is no run of ours',
  ],
  [
    'a run that counts from 0',
    (root) => mkdirSync(join(root, 'amd64/ext4/run-0')),
    './amd64/ext4/run-0 is no run of ours',
  ],
  [
    'a file among runs',
    (root) => writeFileSync(join(root, 'amd64/ext4/run-2'), ''),
    './amd64/ext4/run-2 is no run of ours',
  ],
])('%s is named as no run, and not followed', (_, add, problem) => {
  expect(treeWith(add)).toEqual([problem])
})

test('many things that are no runs are told by their number, and so are many problems', () => {
  const problems = treeWith((root) => {
    for (let n = 0; n < 100; n++) writeFileSync(join(root, 'amd64', `note-${n}`), '')
  })
  expect(problems).toEqual(['./amd64 holds 100 things that are no run of ours, such as note-0'])
  expect(firstProblems(Array.from({ length: 2 * MAX_PROBLEMS }, String)).at(-1)).toBe(
    `and ${MAX_PROBLEMS + 1} more`,
  )
})

test('runs that are being written, superseded ones and the explanation are passed over', () => {
  const problems = treeWith((root) => {
    mkdirSync(join(root, 'amd64/ext4/.run-2.tmp-1'))
    mkdirSync(join(root, '.superseded'))
    writeFileSync(join(root, 'README.md'), '')
  })
  expect(problems).toEqual([])
})

test('the evidence folder itself may be a link', () => {
  const root = temporaryDirectory()
  mkdirSync(join(root, 'real/amd64/ext4/run-1'), { recursive: true })
  symlinkSync('real', join(root, 'link'))
  expect(findRuns(join(root, 'link')).runs).toHaveLength(1)
})

test.skipIf(process.getuid?.() === 0)('a folder that may not be read is named', () => {
  const problems = treeWith((root) => {
    mkdirSync(join(root, 'arm64'))
    chmodSync(join(root, 'arm64'), 0)
  })
  expect(problems).toEqual(['./arm64 cannot be read: EACCES: permission denied'])
})
