import type { IterationRecord, PortabilityRecord, PowerCutRecord } from '../evidence/types.ts'

/** Of a writer that was killed in its second append. */
export function iterationOf(cell: string, iteration: number): IterationRecord {
  return {
    schema: 'https://pullplug.dev/schemas/iteration/1.json',
    iteration,
    workload: { seed: 7, stream: iteration, entries: 3 },
    faults: [
      {
        kind: 'kill',
        process: 'writer',
        point: { moment: 'before', number: 20, name: 'append 2: wal-sync' },
      },
    ],
    delivered: true,
    acked: 1,
    recovered: 1,
    verdict: 'pass',
    failures: [],
    reason: null,
    replay: `npx pullplug replay evidence/${cell}/run-1 --iteration ${iteration}`,
  }
}

/** Of a sound log. */
export const verifyReport = {
  schema: 'https://pullplug.dev/schemas/wal-verify/1.json',
  directory: '/volume/known-good',
  safeSeq: '5',
  safeSeqBytes: 8,
  counts: {
    frames: 5,
    committedFrames: 5,
    corruptFrames: 0,
    phantomFrames: 0,
    walBytes: 300,
    committedBytes: 300,
    bytesBeyondSafePoint: 0,
  },
  maxSeq: '5',
  R1_FIRST_SEQ_EQ_1: true,
  R2_SEQ_CONTIGUOUS: true,
  R3_SAFESEQ_LE_MAXSEQ: true,
  R4_SAFESEQ_FRAME_EXISTS: true,
  R5_NO_PHANTOMS: true,
  NO_CORRUPT_JSON: true,
  pass: true,
  firstOffence: null,
}

/** Of a machine that is paired with nothing but itself. */
export function portabilityOf(arch: string): PortabilityRecord {
  const digest = (letter: string): string => letter.repeat(64)
  return {
    schema: 'https://pullplug.dev/schemas/portability/1.json',
    arch,
    endianness: arch === 's390x' ? 'BE' : 'LE',
    digests: {
      plans: digest('a'),
      operations: digest('b'),
      wal: digest('c'),
      safeSeq: digest('d'),
    },
    pairs: [
      {
        writer: arch,
        recoverer: arch,
        iterations: 3,
        passed: 3,
        verdict: 'pass',
        failures: [],
        reason: null,
      },
    ],
    controls: [],
  }
}

/** Of states that all passed. */
export function powerCutOf(): PowerCutRecord {
  return {
    schema: 'https://pullplug.dev/schemas/power-cut/1.json',
    rounds: 1,
    entries: 8,
    states: {
      drawn: 900,
      distinct: 600,
      tried: 100,
      byKind: { prefix: 50, 'only-one': 5, 'all-but-one': 5, subset: 0, torn: 40 },
      inFull: 13,
      failed: 0,
      unjudged: 0,
    },
    flushes: { recorded: 60, counted: 60 },
    marker: { states: 40, vanished: 39 },
    injector: { compared: 2, agreed: 2 },
    problems: [],
    controls: [
      {
        name: 'no-log-sync',
        defect: 'the log is never synced',
        expectation: 'caught',
        caught: true,
        failure: 'refused',
        by: 'power cut at 29: prefix, 0 of 2 writes in flight kept',
        states: 3,
        why: null,
      },
    ],
    recordings: [1],
  }
}
