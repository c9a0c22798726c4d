import { expect, test } from 'vitest'
import { THIS_NODE } from '../harness/process/runtime.ts'
import { ARCHITECTURES } from './cells.ts'
import { cellsAskedFor, chooseCells } from './choose-cells.ts'
import { fakeDebian } from './emulation/testing/fake-debian.ts'

const names = (cells: { arch: string; fileSystem: string }[]): string[] =>
  cells.map(({ arch, fileSystem }) => `${arch}/${fileSystem}`)

test('with nothing named, this machine’s architecture on ext4 and xfs is asked for', () => {
  const { arch } = THIS_NODE
  expect(names(cellsAskedFor(undefined, undefined))).toEqual([`${arch}/ext4`, `${arch}/xfs`])
})

test('an architecture brings the file systems of its cells', () => {
  expect(names(cellsAskedFor(['riscv64', 's390x'], undefined))).toEqual([
    'riscv64/xfs',
    'riscv64/ext4',
    's390x/ext4',
  ])
  expect(names(cellsAskedFor(['s390x'], ['xfs']))).toEqual(['s390x/xfs'])
})

test('all architectures are all cells, and this machine’s extras', () => {
  expect(names(cellsAskedFor([...ARCHITECTURES], undefined)).toSorted()).toEqual(
    [
      'amd64/ext4',
      'amd64/xfs',
      'arm64/ext4',
      'arm64/xfs',
      'riscv64/ext4',
      'riscv64/xfs',
      's390x/ext4',
      `${THIS_NODE.arch}/btrfs`,
      `${THIS_NODE.arch}/workdir`,
    ].toSorted(),
  )
})

test('an architecture that is not set up is missing, and says how to set it up', async () => {
  fakeDebian({})
  const arch = ARCHITECTURES.find((each) => each !== THIS_NODE.arch) as string
  expect(await chooseCells([arch], ['workdir'])).toEqual({
    run: [],
    missing: [
      {
        cell: `${arch}/workdir`,
        needs: [`an emulator that is not set up (run \`pullplug setup --arch ${arch}\`)`],
        asked: true,
      },
    ],
  })
})
