import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CannotJudge } from '../../../harness/oracle/cannot-judge.ts'
import { THIS_NODE } from '../../../harness/process/runtime.ts'
import { temporaryDirectory } from '../../../harness/testing/temporary-directory.ts'
import { HOME } from '../../home.ts'
import { takeDigests } from './digests.ts'

const digestsOf = (subject: string) =>
  takeDigests(join(temporaryDirectory(), 'fixed'), {
    subject,
    home: HOME,
    timeoutMs: 30_000,
    runtime: THIS_NODE,
  })

test('the plans, the operations and the bytes are those that they have always been, everywhere', async () => {
  expect(await digestsOf('wal')).toMatchInlineSnapshot(`
    {
      "operations": "3679a3de83a8f739eebd9dff280251227c929193fb75daec336611070fcdf293",
      "plans": "e73a440176fed9791fc0583a73ebf55a86b99f0ca48d93a0ebf30599d4e83d1c",
      "safeSeq": "0c27700c82d333aa295692f1814040a962d7bc530253af661d97635dd5ed7af9",
      "wal": "23a6f38f8e95a46763481c9cf0a2d613c418fc3681e0725a348b34083c82a7b9",
    }
  `)
})

test('a log that makes other operations has another digest of them, and leaves the same bytes', async () => {
  const { operations, ...rest } = await digestsOf('wal')
  const inPlace = await digestsOf('safe-seq-in-place')
  expect(inPlace).toMatchObject(rest)
  expect(inPlace.operations).not.toBe(operations)
})

test('a subject that does not finish leaves nothing to digest', async () => {
  await expect(digestsOf('nobody')).rejects.toThrow(CannotJudge)
})
