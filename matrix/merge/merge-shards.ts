import { commandLine } from '../evidence/command-line.ts'
import type { ReadFiles } from '../evidence/cross-check.ts'
import type { GoodRead } from '../evidence/read.ts'
import { recordedIterations, recordedLog } from '../evidence/recorded.ts'
import { replayLine } from '../evidence/replay-line.ts'
import type { RunRecord, ShardRecord } from '../evidence/types.ts'
import { verdictOf } from '../evidence/verdict.ts'
import type { RunEvidence } from '../evidence/write.ts'
import { mergeIoError } from '../steps/io-error/merge-record.ts'
import { mergePortability } from '../steps/portability/merge-record.ts'
import { mergePowerCut } from '../steps/power-cut/merge-record.ts'
import { mergePowerCutStates } from '../steps/power-cut/states-record.ts'
import { worstOf } from '../steps/worst.ts'
import { mergeSteps } from './merge-steps.ts'

function shardRecord(read: GoodRead): ShardRecord {
  const { shard, startedAt, finishedAt, host } = read.run
  return { index: shard?.index ?? 1, startedAt, finishedAt, host, sums: read.sums }
}

/** The log's records of all shards, in the order of the iterations that they are from. */
function logRecordsOf(reads: GoodRead[]): GoodRead['logRecords'] {
  return reads
    .flatMap(({ logRecords }) => logRecords)
    .sort((one, other) => (one.iteration ?? 0) - (other.iteration ?? 0))
}

/** The report of the shard whose known-good step stands for the run. */
function verifyReportOf(reads: GoodRead[]): GoodRead['verifyReport'] {
  const steps = reads.map(({ run, verifyReport }) => ({
    verdict: run.steps.find(({ name }) => name === 'known-good')?.verdict ?? 'inconclusive',
    verifyReport,
  }))
  return worstOf(steps).verifyReport
}

/**
 * The evidence of a run from all of its shards, in order: what the run would have said as one. `path` is
 * where it will stand, as people are to type it.
 */
export function mergeShards(
  reads: [GoodRead, ...GoodRead[]],
  path: string,
): RunEvidence & ReadFiles {
  const { subjectPath } = reads[0].run
  const iterations = recordedIterations(
    reads
      .flatMap((read) => read.iterations)
      .sort((one, other) => one.iteration - other.iteration)
      .map((record) => ({ ...record, replay: replayLine(path, record.iteration, subjectPath) })),
  )
  const records = reads.map(({ portability }) => portability)
  const powerCut = mergePowerCut(
    reads.map((read) => read.powerCut),
    { path, subjectPath },
  )
  const ioError = mergeIoError(
    reads.map((read) => read.ioError),
    { path, subjectPath },
  )
  const steps = mergeSteps(
    reads.map(({ run }) => run),
    { iterations, portability: records, powerCut, ioError },
  )
  const shards = reads.map(shardRecord)
  const verdict = verdictOf(steps)
  const times = (name: 'startedAt' | 'finishedAt'): string[] =>
    shards.map((shard) => shard[name]).sort((a, b) => Date.parse(a) - Date.parse(b))
  const run: RunRecord = {
    ...reads[0].run,
    startedAt: times('startedAt')[0] as string,
    finishedAt: times('finishedAt').at(-1) as string,
    shard: null,
    shards,
    steps,
    verdict,
    pass: verdict === 'pass',
  }
  return {
    run,
    command: commandLine(run),
    description: reads[0].description,
    verifyReport: verifyReportOf(reads),
    portability: mergePortability(records),
    powerCut,
    powerCutStates: mergePowerCutStates(reads.map((read) => read.powerCutStates)),
    ioError,
    recordings: new Map(reads.flatMap(({ recordings }) => [...recordings])),
    iterations,
    logRecords: recordedLog(logRecordsOf(reads)),
  }
}
