import { execFileSync } from 'node:child_process'
import { file, type Hostile, iteration, json, MIB, repeated, sparse } from './hostile.ts'
import { HOSTILE_TREES } from './hostile-trees.ts'

const NUMBERS: Hostile[] = [
  {
    what: 'four thousand million iterations',
    put: json('run.json', (run) => ({ ...run, iterations: 4_000_000_000 })),
    says: 'run.json is not valid: iterations must be <= 20000',
  },
  {
    what: 'iterations in fractions',
    put: json('run.json', (run) => ({ ...run, iterations: 1.5 })),
    says: 'run.json is not valid: iterations must be integer',
  },
  {
    what: 'a number beyond any',
    put: file('run.json', (text) => text.replace('"seed": 7', '"seed": 1e999')),
    says: 'run.json is not valid: seed must be',
  },
  {
    what: 'a run of 100 million shards',
    put: json('run.json', (run) => ({ ...run, shard: { index: 1, of: 100_000_000 } })),
    says: 'run.json is not valid: shard.of must be <= 100',
  },
  {
    what: 'a workload of 1e9 entries',
    put: iteration({ workload: { seed: 7, stream: 1, entries: 1e9 } }),
    says: 'iterations.ndjson line 1 is not valid: workload.entries must be <= 1000',
  },
  {
    what: 'the 1e15th stream of a seed',
    put: iteration({ workload: { seed: 7, stream: 1e15, entries: 1 } }),
    says: 'workload.stream must be <= 20000',
  },
  {
    what: 'a kill at the 1e12th operation',
    put: iteration({
      faults: [
        {
          kind: 'kill',
          process: 'writer',
          point: { moment: 'before', number: 1e12, name: 'open: x' },
        },
      ],
    }),
    says: 'iterations.ndjson line 1 is not valid: faults.0',
  },
  {
    what: 'a million faults',
    put: iteration({ faults: new Array(1000).fill({ kind: 'bit-rot', entry: 1 }) }),
    says: 'faults must NOT have more than 8 items',
  },
  {
    what: 'a million recordings',
    put: json('power-cut.json', (record) => ({
      ...record,
      recordings: Array.from({ length: 1_000_000 }, (_, i) => i + 1),
    })),
    says: 'power-cut.json is not valid: recordings',
  },
]

const TEXTS: Hostile[] = [
  {
    what: 'a reason of a megabyte',
    put: iteration({ reason: 'x'.repeat(60_000) }),
    says: 'iterations.ndjson line 1 is not valid: reason must NOT have more than 500 characters',
  },
  {
    what: 'JSON nested half a million deep',
    put: file('run.json', () => '['.repeat(MIB / 2 - 1) + ']'.repeat(MIB / 2 - 1)),
    says: 'run.json is not valid: it must be object',
  },
  {
    what: 'a hundred thousand keys',
    put: json('run.json', (run) => ({
      ...run,
      ...Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`key${i}`, i])),
    })),
    says: 'run.json is not valid: it must NOT have additional properties (key0)',
  },
  {
    what: 'a key twice',
    put: file('run.json', (text) => text.replace('"seed": 7', '"seed": 8, "seed": 7')),
    says: 'run.json has a key twice',
  },
  {
    what: 'a key twice in an iteration',
    put: file('iterations.ndjson', (text) =>
      text.replace('"acked":1', '"acked":0,"\\u0061cked":1'),
    ),
    says: 'iterations.ndjson line 1 has a key twice',
  },
  {
    what: '__proto__ for a key',
    put: file('run.json', (text) => text.replace('"seed": 7', '"__proto__": {}, "seed": 7')),
    says: 'run.json has a key __proto__',
  },
  {
    what: 'a byte order mark',
    put: file('run.json', (text) => `\uFEFF${text}`),
    says: 'run.json begins with a byte order mark',
  },
  {
    what: 'bytes that are not UTF-8',
    put: file('portability.json', (text) =>
      Buffer.concat([Buffer.from(text), Buffer.from([0xff])]),
    ),
    says: 'portability.json is not UTF-8',
  },
  {
    what: 'one line of 30 MiB',
    put: repeated('iterations.ndjson', 'x', 30 * MIB),
    says: 'iterations.ndjson does not end with a whole line',
  },
  {
    what: 'a line of 64 KiB and a byte',
    put: file('iterations.ndjson', (text) => `${' '.repeat(64 * 1024 + 1)}\n${text}`),
    says: 'iterations.ndjson line 1 is too long',
  },
  {
    what: 'an iteration more than there can be',
    put: file(
      'iterations.ndjson',
      (text) => text.split('\n')[0]?.concat('\n').repeat(20_001) ?? '',
    ),
    says: 'iterations.ndjson has more than 20000 lines',
  },
  {
    what: '15 MiB of newlines for a log',
    put: repeated('autonomy.log', '\n', 15 * MIB),
    says: 'autonomy.log line 1 is empty',
  },
  {
    what: '255 MiB of newlines for a log',
    put: sparse('autonomy.log', 255 * MIB),
    says: 'autonomy.log is too large: 267386880 bytes',
  },
  {
    what: 'five million empty records for a log',
    put: repeated('autonomy.log', '{}\n', 15 * MIB),
    says: "autonomy.log line 1 is not valid: it must have required property 'level'",
  },
  {
    what: 'fifty thousand records for a log, and more',
    put: repeated('autonomy.log', '{"level":"warn","message":"A","attributes":{}}\n', 15 * MIB),
    says: 'autonomy.log has more than 50000 lines',
  },
]

/** Evidence of each kind, which the gate and a merge refuse in a sentence. */
export const HOSTILE_EVIDENCE: Hostile[] = [...NUMBERS, ...TEXTS, ...HOSTILE_TREES]

/** A gzip of so many zeros, without taking as much memory. */
const gzipOf = (sizeBytes: number): Buffer =>
  execFileSync('sh', ['-c', `head -c ${sizeBytes} /dev/zero | gzip -1`], { maxBuffer: 16 * MIB })

/** A recording that is none, in the place of that of the first round. */
const recording = (bytes: () => Uint8Array) => file('power-cut-round-1.gz', bytes)

/** Recordings that an export and a replay refuse in a sentence. */
export const HOSTILE_RECORDINGS: Hostile[] = [
  {
    what: 'a recording that unpacks to a gigabyte',
    put: recording(() => gzipOf(1024 * MIB)),
    says: 'no recording of ours, for it has more than 50331648 bytes in it',
  },
  {
    what: 'a recording that lies about what it unpacks to',
    put: recording(() => {
      const packed = gzipOf(512 * MIB)
      packed.writeUInt32LE(1000, packed.length - 4)
      return packed
    }),
    says: 'no recording of ours, for it has bytes that are not what gzip packed',
  },
  {
    what: 'a recording of two gzips',
    put: recording(() => Buffer.concat([gzipOf(1000), gzipOf(MIB)])),
    says: 'no recording of ours, for it has',
  },
  {
    what: 'a recording of nothing',
    put: recording(() => new Uint8Array(0)),
    says: 'no recording of ours, for it has no end',
  },
]
