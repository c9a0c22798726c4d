import {
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fifo, type Hostile, inRun, instead, MIB, RUN, sparse } from './hostile.ts'

const SIZES: Hostile[] = [
  ...[
    ['run.json', MIB],
    ['cmd.txt', 8 * 1024],
    ['wal_verify.json', 64 * 1024],
    ['portability.json', MIB],
    ['power-cut.json', 8 * MIB],
    ['iterations.ndjson', 40 * MIB],
    ['SHA256SUMS', 64 * 1024],
    ['power-cut-round-1.gz', 16 * MIB],
  ].map(([name, maxBytes]) => ({
    what: `a terabyte for ${name}`,
    put: sparse(name as string, 2 ** 40),
    says: `${name} is too large: 1099511627776 bytes, and at most ${maxBytes} are read`,
  })),
  {
    what: 'files that are too large together',
    put: (root) => {
      for (let round = 2; round <= 12; round++) {
        writeFileSync(inRun(root, `power-cut-round-${round}.gz`), '')
        truncateSync(inRun(root, `power-cut-round-${round}.gz`), 16 * MIB)
      }
    },
    says: 'its files are too large: more than 134217728 bytes together',
  },
  {
    what: 'ten thousand files in a run',
    put: (root) => {
      for (let i = 0; i < 10_000; i++) writeFileSync(inRun(root, `more-${i}`), '')
    },
    says: 'it holds more than 1112 entries',
  },
  {
    what: 'ten thousand names in a cell',
    put: (root) => {
      for (let i = 0; i <= 10_000; i++) writeFileSync(join(root, 'amd64', 'ext4', `more-${i}`), '')
    },
    says: 'amd64/ext4 holds more than 10000 entries',
  },
  {
    what: 'more cells than there are',
    put: (root) => {
      for (let i = 0; i < 300; i++) mkdirSync(join(root, 'amd64', `fs${i}`))
    },
    says: 'is a cell too many: at most 100 are read',
  },
  {
    what: 'five thousand runs, and more',
    put: (root) => {
      for (let i = 0; i < 5100; i++) {
        mkdirSync(join(root, `a${Math.floor(i / 1000)}`, 'ext4', `run-${(i % 1000) + 1}`), {
          recursive: true,
        })
      }
    },
    says: 'holds 5101 runs, and at most 5000 are read',
  },
]

const SUMS: Hostile[] = [
  {
    what: 'a second line for a file in SHA256SUMS',
    put: (root) => {
      const text = readFileSync(inRun(root, 'SHA256SUMS'), 'utf8')
      writeFileSync(inRun(root, 'SHA256SUMS'), `${'0'.repeat(64)}  run.json\n${text}`)
    },
    says: 'SHA256SUMS has a second line for run.json',
  },
  {
    what: 'SHA256SUMS with an empty line',
    put: (root) => writeFileSync(inRun(root, 'SHA256SUMS'), '\n'),
    says: 'SHA256SUMS is not a list of SHA-256 digests',
  },
  {
    what: 'SHA256SUMS that lists itself',
    put: (root) => {
      const text = readFileSync(inRun(root, 'SHA256SUMS'), 'utf8')
      writeFileSync(inRun(root, 'SHA256SUMS'), `${text}${'0'.repeat(64)}  SHA256SUMS\n`)
    },
    says: 'SHA256SUMS lists itself',
  },
  {
    what: 'SHA256SUMS without an end',
    put: (root) => {
      const text = readFileSync(inRun(root, 'SHA256SUMS'), 'utf8')
      writeFileSync(inRun(root, 'SHA256SUMS'), text.trimEnd())
    },
    says: 'SHA256SUMS does not end with a whole line',
  },
]

const KINDS: Hostile[] = [
  ...[
    ...['run.json', 'cmd.txt', 'wal_verify.json', 'portability.json', 'power-cut.json'],
    ...['iterations.ndjson', 'autonomy.log', 'SHA256SUMS', 'power-cut-round-1.gz'],
  ].map((name) => ({
    what: `a FIFO for ${name}`,
    put: instead(join(RUN, name), fifo),
    says: `${name} is a FIFO and not a file`,
  })),
  {
    what: 'a link to /dev/zero for run.json',
    put: instead(join(RUN, 'run.json'), (path) => symlinkSync('/dev/zero', path)),
    says: 'run.json is a link and not a file',
  },
  {
    what: 'a directory for cmd.txt',
    put: instead(join(RUN, 'cmd.txt'), (path) => mkdirSync(path)),
    says: 'cmd.txt is a directory and not a file',
  },
  {
    what: 'a FIFO for README.md',
    put: instead('README.md', fifo),
    says: 'README.md is a FIFO and not a file',
  },
  {
    what: 'a FIFO for an architecture',
    put: instead('arm64', fifo),
    says: 'arm64 is no run of ours',
  },
  ...[
    ['an architecture', 'arm64', '/'],
    ['a file system', join('amd64', 'xfs'), '/'],
    ['a run', join('amd64', 'ext4', 'run-2'), 'run-1'],
    ['nothing', 'arm64', '/nowhere'],
    ['itself', 'arm64', 'arm64'],
    ['something hidden', '.hidden', '/'],
  ].map(([what, path, target]) => ({
    what: `a link to ${what}`,
    put: instead(path as string, (at) => symlinkSync(target as string, at)),
    says: `${path} is a link, and none is followed`,
  })),
  ...[
    'run-99999999999999999999',
    'run-1001',
    'run-0',
    'run-01',
    'run-1-shard-1-of-100000000',
    'run-1-shard-2-of-1',
    'run-1-shard-1-of-101',
    'run-1\n',
    'run-1 ',
    'RUN-1',
  ].map((name) => ({
    what: `a run in a folder ${JSON.stringify(name)}`,
    put: (root: string) => renameSync(join(root, RUN), join(root, 'amd64', 'ext4', name)),
    says: 'is no run of ours',
  })),
  {
    what: 'a folder Amd64',
    put: (root) => renameSync(join(root, 'amd64'), join(root, 'Amd64')),
    says: 'Amd64 is no run of ours',
  },
]

/** Evidence with files, links and folders that are none of ours. */
export const HOSTILE_TREES: Hostile[] = [...SIZES, ...SUMS, ...KINDS]
