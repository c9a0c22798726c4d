import { isDeepStrictEqual } from 'node:util'
import { shownPath } from '../../harness/text/shown.ts'
import type { GoodRead } from '../evidence/read.ts'
import type { RunRecord } from '../evidence/types.ts'

const yes = (is: boolean | null): string => (is === null ? 'unknown' : is ? 'yes' : 'no')

/** What must be the same of all shards of a run, each by the words for it. */
const SAME: [string, (run: RunRecord) => string][] = [
  ['its commit', ({ commit }) => commit?.slice(0, 12) ?? 'unknown'],
  ['uncommitted changes', ({ dirty }) => yes(dirty)],
  ['its subject', ({ subject }) => subject],
  ['where its description stood', ({ subjectPath }) => subjectPath ?? 'nowhere'],
  ['its seed', ({ seed }) => `${seed}`],
  ['its iterations', ({ iterations }) => `${iterations ?? 'as many as there are points'}`],
  ['every point', ({ everyPoint }) => yes(everyPoint)],
  ['its power cuts', ({ powerCut }) => JSON.stringify(powerCut)],
  ['its cases of errors', ({ errorCases }) => `${errorCases ?? 'as many as there was time for'}`],
  ['pullplug', ({ tool }) => tool.version],
  ['Node', ({ runtime }) => runtime.node],
  ['QEMU', ({ runtime }) => runtime.qemu ?? 'none'],
  ['its emulation', ({ emulation }) => emulation],
  ['its file system', ({ mount }) => `${mount.fsType} (${mount.statfsType})`],
  ['its volume', ({ mount }) => mount.volume],
  ['its status', ({ cell }) => cell.status],
]

/** Why two shards are not of one run, in a sentence that names both; null when they may be. */
export function differenceBetween(one: GoodRead, other: GoodRead): string | null {
  if (!isDeepStrictEqual(one.description, other.description)) {
    return `${shownPath(one.path)} and ${shownPath(other.path)} are not of one run: their subject.json differ`
  }
  for (const [what, tell] of SAME) {
    const [here, there] = [tell(one.run), tell(other.run)]
    if (here !== there) {
      return `${shownPath(one.path)} and ${shownPath(other.path)} are not of one run: ${what}: ${here} and ${there}`
    }
  }
  return null
}
