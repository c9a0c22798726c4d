import type { Asked } from '../../testing/draft.ts'
import {
  COMMIT,
  type Draft,
  draftOf,
  NOW,
  putDraft,
  temporaryFolder,
} from '../../testing/evidence.ts'
import type { CellDecision } from '../decision.ts'
import { runGate } from '../gate.ts'

/** What is changed of honest evidence, with care: its sums are made anew. */
export type Change = (draft: Draft) => unknown

/** A lie in a few words, what it changes, and the sentence that refuses it. */
export type Lie = [what: string, change: Change, sentence: string]

const CELL = { arch: 'amd64', fileSystem: 'ext4' }
const honest = new Map<string, Draft>()

/** A draft of an honest run that was asked for that, for the caller to change. */
export function honestDraft(asked: Partial<Asked> = {}): Draft {
  const key = JSON.stringify(asked)
  const known = honest.get(key) ?? draftOf({ ...CELL, ...asked })
  honest.set(key, known)
  return structuredClone(known)
}

/** What the gate says of a cell, when only this draft is its evidence. */
export async function decisionOn(draft: Draft): Promise<CellDecision> {
  const root = temporaryFolder()
  putDraft(root, draft)
  const { decision } = await runGate({
    directory: root,
    commit: COMMIT,
    now: NOW,
    advisory: false,
  })
  const { arch, fileSystem } = draft.run.cell
  const cell = decision.cells.find((each) => each.cell === `${arch}/${fileSystem}`)
  if (cell === undefined) throw new Error('the gate decides on every cell that it is shown')
  return cell
}

/** What the gate says of a draft that was made to lie: the sentence that refuses it, or that it passes. */
export async function refusalIn(draft: Draft, change: Change): Promise<string> {
  change(draft)
  const { result, reason } = await decisionOn(draft)
  return result === 'fail' ? reason.replace(/^run-\d+[^:]*: /, '') : `${result}: ${reason}`
}

/** The same of a run that was asked for that. */
export const refusalOf = (change: Change, asked: Partial<Asked> = {}): Promise<string> =>
  refusalIn(honestDraft(asked), change)
