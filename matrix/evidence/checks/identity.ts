import type { Description } from '../../../harness/subject/description.ts'
import { CONTROL_NAMES } from '../../../subjects/wal/controls/index.ts'
import { packageVersion } from '../../package-root.ts'
import { runName } from '../../shard.ts'
import type { ReadFiles } from '../read-files.ts'
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

function subjectProblem(
  { subject, subjectPath, everyPoint, runtime }: RunRecord,
  description: Description | null,
): string | null {
  if (subjectPath === null) {
    if (description !== null) return 'it has a subject.json, and does not say where that stood'
    const known = subject === 'wal' || CONTROL_NAMES.includes(subject)
    return known ? null : 'its subject is none of this version'
  }
  if (description === null)
    return 'it says that a file describes its subject, and has no subject.json'
  if (description.name !== subject) {
    return `it says that it ran ${subject}, and its subject.json describes ${description.name}`
  }
  if (everyPoint) return 'it says that it was killed at every point, which only our log can be'
  return runtime.qemu === null
    ? null
    : 'it says that its subject was emulated, which only our log is'
}

/** What contradicts who a run says that it is, where it stands, and what it was asked for. */
export function identityProblem(
  { run, description }: Pick<ReadFiles, 'run' | 'description'>,
  place: string,
): string | null {
  const { cell, tool, commit, dirty } = run
  const claimed = `${cell.arch}/${cell.fileSystem}/${runName(run.run, run.shard)}`
  if (place !== claimed) return `it stands at ${place} and says that it is ${claimed}`
  if (tool.version !== packageVersion) {
    return `it was made by pullplug ${tool.version}, and only that version can compute again what it says; this is ${packageVersion}`
  }
  if ((commit === null) !== (dirty === null)) {
    return 'it names a commit or says whether the tree was clean, and not both'
  }
  return subjectProblem(run, description) ?? settingsProblem(run)
}
