import { shardName } from '../shard.ts'
import { shellPath, shellWord } from '../text/shell-word.ts'
import type { RunRecord } from './types.ts'

function powerCutFlags({ states, exhaustive, tearBytes, ext4 }: RunRecord['powerCut']): string {
  return [
    states === null ? '' : ` --states ${states}`,
    exhaustive ? ' --exhaustive' : '',
    tearBytes === 512 ? '' : ` --tear ${tearBytes}`,
    ext4 === null ? '' : ` --ext4 ${ext4}`,
  ].join('')
}

/** The command that runs a run or a shard again. */
export function commandLine({
  cell,
  seed,
  iterations,
  everyPoint,
  powerCut,
  errorCases,
  subject,
  subjectPath,
  shard,
}: Pick<
  RunRecord,
  | 'cell'
  | 'seed'
  | 'iterations'
  | 'everyPoint'
  | 'powerCut'
  | 'errorCases'
  | 'subject'
  | 'subjectPath'
  | 'shard'
>): string {
  const how = everyPoint ? '--every-point' : `--iterations ${iterations}`
  const named = subjectPath === null ? shellWord(subject) : shellPath(subjectPath)
  const what = subjectPath === null && subject === 'wal' ? '' : ` --subject ${named}`
  const errors = errorCases === null ? '' : ` --error-cases ${errorCases}`
  const share = shard === null ? '' : ` --shard ${shardName(shard)}`
  return `npx pullplug matrix --arch ${shellWord(cell.arch)} --fs ${shellWord(cell.fileSystem)} --seed ${seed} ${how}${powerCutFlags(powerCut)}${errors}${what}${share}`
}
