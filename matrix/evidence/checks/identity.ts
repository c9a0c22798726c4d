import { CONTROL_NAMES } from '../../../subjects/wal/controls/index.ts'
import { packageVersion } from '../../package-root.ts'
import { runName } from '../../shard.ts'
import type { RunRecord } from '../types.ts'

function settingsProblem({ powerCut, iterations, everyPoint, shard }: RunRecord): string | null {
  if (powerCut.states !== null && powerCut.exhaustive) {
    return 'it was asked for a number of states and for all of them'
  }
  if (everyPoint !== (iterations === null)) {
    return 'it was asked for every point and for a number of iterations, or for neither'
  }
  if (shard !== null && shard.index > shard.of) {
    return `it says that it is shard ${shard.index} of ${shard.of}`
  }
  if (shard !== null && iterations !== null && shard.of > iterations) {
    return `it says that ${shard.of} shards share ${iterations} iterations`
  }
  return null
}

/** What contradicts who a run says that it is, where it stands, and what it was asked for. */
export function identityProblem(run: RunRecord, place: string): string | null {
  const { cell, tool, subject, commit, dirty } = run
  const claimed = `${cell.arch}/${cell.fileSystem}/${runName(run.run, run.shard)}`
  if (place !== claimed) return `it stands at ${place} and says that it is ${claimed}`
  if (tool.version !== packageVersion) {
    return `it was made by pullplug ${tool.version}, and only that version can compute again what it says; this is ${packageVersion}`
  }
  if (subject !== 'wal' && !CONTROL_NAMES.includes(subject)) {
    return 'its subject is none of this version'
  }
  if ((commit === null) !== (dirty === null)) {
    return 'it names a commit or says whether the tree was clean, and not both'
  }
  return settingsProblem(run)
}
