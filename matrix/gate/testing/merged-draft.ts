import { readRun } from '../../evidence/read.ts'
import { mergeShards } from '../../merge/merge-shards.ts'
import type { Asked } from '../../testing/draft.ts'
import { type Draft, draftOf, putDraft, temporaryFolder } from '../../testing/evidence.ts'

/** A run that was merged from honest shards. */
export function mergedDraft(shards = 2, asked: Partial<Asked> = {}): Draft {
  const root = temporaryFolder()
  const reads = Array.from({ length: shards }, (_, at) => {
    const shard = { index: at + 1, of: shards }
    const made = draftOf({ arch: 'amd64', fileSystem: 'ext4', iterations: 6, ...asked, shard })
    const read = readRun(putDraft(root, made))
    if (!read.ok) throw new Error(read.problem)
    return read
  })
  const merged = mergeShards(
    reads as Parameters<typeof mergeShards>[0],
    'evidence/amd64/ext4/run-1',
  )
  const { description: _, ...parts } = merged
  const { run } = merged
  const kill = run.steps.find((step) => step.name === 'kill')
  if (kill?.name !== 'kill') throw new Error('a run has every step')
  return structuredClone({
    ...parts,
    kill,
    logRecords: merged.logRecords as Draft['logRecords'],
    recordings: new Map(merged.recordings),
  })
}
