import type { Lie } from './lie.ts'

/** Who a run says that it is, where it ran and when. */
export const LIES_ABOUT_THE_RUN: Lie[] = [
  // Who it is, and what it was asked for.
  [
    'another version',
    ({ run }) => Object.assign(run.tool, { version: '9.9.9' }),
    'it was made by pullplug 9.9.9, and only that version can compute again what it says; this is 0.1.0',
  ],
  [
    'another run',
    ({ run }) => Object.assign(run, { run: 2 }),
    'the line that replays iteration 1 is of another run',
  ],
  [
    'a subject that there is none of',
    ({ run }) => Object.assign(run, { subject: 'nobody' }),
    'its subject is none of this version',
  ],
  [
    'a control as its subject',
    ({ run }) => Object.assign(run, { subject: 'no-truncation' }),
    'iteration 1 was struck by writer killed at append 2: within wal-write (operation 33, after 227 bytes), then recovery killed at open: before wal-identity (operation 22), and its seed means writer killed at append 2: within wal-write (operation 33, after 227 bytes), then recovery killed at open: before wal-identity (operation 21)',
  ],
  [
    'a commit and no tree',
    ({ run }) => Object.assign(run, { dirty: null }),
    'it names a commit or says whether the tree was clean, and not both',
  ],
  [
    'another commit',
    ({ run }) => Object.assign(run, { commit: 'f'.repeat(40) }),
    'it is of commit ffffffffffff and not of 0123456789ab',
  ],
  [
    'a dirty tree',
    ({ run }) => Object.assign(run, { dirty: true }),
    'it is of a tree with uncommitted changes',
  ],
  [
    'another status',
    ({ run }) => Object.assign(run.cell, { status: 'informational' }),
    'it says that the cell is informational, and it is gated',
  ],
  [
    'all states and a number of them',
    ({ run }) => Object.assign(run.powerCut, { exhaustive: true }),
    'it was asked for a number of states and for all of them',
  ],
  [
    'every point and a number of iterations',
    ({ run }) => Object.assign(run, { everyPoint: true }),
    'it was asked for every point and for a number of iterations, or for neither',
  ],
  [
    'another seed',
    ({ run }) => Object.assign(run, { seed: 8 }),
    'iteration 1 has another workload than its seed means',
  ],
  [
    'more iterations than it made',
    ({ run }) => Object.assign(run, { iterations: 3 }),
    'its iterations are not those that were asked for: it has none after iteration 2 of 3',
  ],
  [
    'every point in place of two iterations',
    ({ run }) => Object.assign(run, { iterations: null, everyPoint: true }),
    'its iterations are not those that were asked for: it has none after iteration 2 of 458',
  ],
  [
    'an earlier shard than there is',
    ({ run }) => Object.assign(run, { shard: { index: 3, of: 2 } }),
    'there is no evidence of this gated cell',
  ],
  [
    'another command',
    (draft) => Object.assign(draft, { command: 'npx pullplug matrix --arch amd64 --fs ext4' }),
    'its cmd.txt holds another command than it ran by',
  ],
  // The machine.
  [
    'another architecture of its Node',
    ({ run }) => Object.assign(run.runtime, { arch: 'arm64' }),
    'it ran on arm64 and says that it is amd64',
  ],
  [
    'another byte order',
    ({ run }) => Object.assign(run.runtime, { endianness: 'BE' }),
    'it says that amd64 is BE, and it is LE',
  ],
  [
    'an emulator without emulation',
    ({ run }) => Object.assign(run.runtime, { qemu: '10.0.2' }),
    'it names an emulator, and says that it had none',
  ],
  [
    'emulation without an emulator',
    ({ run }) => Object.assign(run, { emulation: 'qemu-user' }),
    'its emulation contradicts its emulator',
  ],
  [
    'a host of another architecture',
    ({ run }) => Object.assign(run.host, { arch: 'arm64' }),
    'it says emulation none of amd64, on a host of arm64',
  ],
  [
    'emulation of its own architecture',
    ({ run }) => {
      Object.assign(run, { emulation: 'qemu-user' })
      Object.assign(run.runtime, { qemu: '10.0.2' })
    },
    'it says emulation qemu-user of amd64, on a host of amd64',
  ],
  [
    'another Node than its harness’s',
    ({ run }) => Object.assign(run.runtime, { node: 'v20.20.0' }),
    'it ran on Node v20.20.0 and its harness on v20.19.0, on one native machine',
  ],
  [
    'a Node that is too old',
    ({ run }) => {
      Object.assign(run.runtime, { node: 'v18.20.0' })
      Object.assign(run.host, { node: 'v18.20.0' })
    },
    'it ran on Node v18.20.0, and pullplug needs 20.19',
  ],
  [
    'a platform that there is none of',
    ({ run }) => Object.assign(run.host, { platform: 'win32' }),
    'it ran on a platform that pullplug does not run on',
  ],
  [
    'a platform without loop devices',
    ({ run }) => Object.assign(run.host, { platform: 'darwin' }),
    'it says that darwin mounted a loop device',
  ],
  [
    'no kernel',
    ({ run }) => Object.assign(run.host, { kernel: 'unknown' }),
    'its host names no version of a kernel',
  ],
  // The volume.
  [
    'another file system',
    ({ run }) => Object.assign(run.mount, { fsType: 'tmpfs' }),
    'its cell is ext4, and tmpfs was mounted',
  ],
  [
    'another file system by statfs',
    ({ run }) => Object.assign(run.mount, { statfsType: '0x1021994' }),
    'statfs gave 0x1021994, and ext4 is 0xef53',
  ],
  [
    'a mount that is only read',
    ({ run }) => Object.assign(run.mount, { options: 'ro,relatime' }),
    'its volume was mounted with "ro,relatime", and a volume is mounted with "rw,relatime"',
  ],
  [
    'a mount without an option',
    ({ run }) => Object.assign(run.mount, { options: 'rw' }),
    'its volume was mounted with "rw", and a volume is mounted with "rw,relatime"',
  ],
  [
    'a small volume',
    ({ run }) => Object.assign(run.mount, { imageBytes: 1000 }),
    'its volume has 1000 bytes, and a volume has 335544320',
  ],
  [
    'a volume of no size',
    ({ run }) => Object.assign(run.mount, { imageBytes: null }),
    'its volume has no bytes, and a volume has 335544320',
  ],
  [
    'a volume in the working directory',
    ({ run }) => Object.assign(run.mount, { volume: 'working-directory', imageBytes: null }),
    'its cell is ext4, and its files were on a working-directory',
  ],
  // Its times.
  [
    'an end before its beginning',
    ({ run }) => Object.assign(run, { startedAt: '2026-01-02T11:00:01Z' }),
    'it ended before it began',
  ],
  [
    'an end in the future',
    ({ run }) => Object.assign(run, { finishedAt: '2026-01-02T13:00:00Z' }),
    'it is from the future: 2026-01-02T13:00:00Z',
  ],
  [
    'a step that lasted longer than the run',
    ({ kill }) => Object.assign(kill, { durationMs: 90_000 }),
    'its steps took 90006 ms of the 60000 ms that it lasted',
  ],
  [
    'times of another day than its disks',
    ({ run }) =>
      Object.assign(run, { startedAt: '2026-01-02T11:30:00Z', finishedAt: '2026-01-02T11:31:00Z' }),
    'the recording of round 1 begins with a disk that was formatted at 2026-01-02T10:59:30.000Z, before its run began',
  ],
  [
    'an end before its disks were made',
    ({ run }) => Object.assign(run, { finishedAt: '2026-01-02T10:59:20Z' }),
    'the recording of round 1 begins with a disk that was formatted at 2026-01-02T10:59:30.000Z, when its run was over',
  ],
]
