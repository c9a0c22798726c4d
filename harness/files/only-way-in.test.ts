import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** What reads a file or a directory without a limit, or waits for what is none. */
const UNBOUNDED =
  /\b(readFileSync|readdirSync|opendirSync|createReadStream|readFile|readdir|opendir)\b/

/** Who may, and why it is no harm there. */
const ALLOWED: Record<string, string> = {
  'harness/files/list-bounded.ts': 'it is the limit',
  'matrix/evidence/tree.ts': 'opened only to see that it may be read',
  'matrix/evidence/schemas.ts': 'our own schemas, as they were installed',
  'matrix/emulation/debian.ts': 'folders that this process made and apt filled',
  'matrix/emulation/keyring.ts': 'a folder that this process made',
  'matrix/emulation/sysroot.ts': 'a folder that this process made and dpkg-deb filled',
  'harness/process/stat.ts': '/proc',
  'harness/process/user-namespace.ts': '/proc',
  'harness/process/owner.ts': '/proc',
  'harness/power-cut/device/device.ts': '/sys',
  'harness/volume/mounts.ts': '/proc and /sys',
  'harness/volume/attachment.ts': '/sys',
  'harness/volume/requirements.ts': '/proc, and lists of the kernel’s modules',
  'harness/owned/orphans.ts': '/proc',
  'harness/process/marked.ts': '/proc',
  'harness/process/adoption.ts': '/proc',
  'harness/disk-subject/kept-process.ts': '/proc',
  'subjects/wal/verify/kept-files.ts': 'the names in a subject’s directory',
  'harness/process/namespaces.ts': '/proc',
  'harness/process/open-files.ts': '/proc',
  'harness/volume/other-namespaces.ts': '/proc',
  'matrix/resources.ts': '/proc',
  'matrix/subject/description-problems.ts': 'our own schemas, as they were installed',
  'matrix/init/adapter.ts': 'our own adapters, as they were installed',
  'matrix/init/detect.ts': 'a folder that its owner named',
  'matrix/init/small-text.ts': 'a file that its owner named, after a look at its size',
  'matrix/subject/find-program.ts': 'the names beside a program that its owner named',
  'matrix/check/scratch.ts': 'a folder that this process made',
  'harness/files/files-in.ts': 'a subject’s files',
  'harness/subject/check/scene.ts': 'the folder of a subject',
  'harness/subject/check/traces.ts': 'a subject’s files',
  'harness/volume/holders.ts': '/proc',
  'harness/process/cgroup.ts': '/proc and /sys',
  'harness/passthrough/executioner.ts': '/proc',
  'harness/process/children-of.ts': '/proc',
  'harness/process/is-stopped.ts': '/proc',
  'harness/passthrough/read-tree.ts': 'a subject’s files',
  'harness/io-error/full-volume/full-volume.ts': 'a subject’s files',
  'harness/io-error/full-volume/inodes.ts': 'files of its own',
  'harness/passthrough/served/directories.ts': 'a subject’s files',
  'harness/fuse/opcodes.ts': 'it names a request of the kernel’s',
  'harness/disk-subject/victim.ts': 'what this process’s parent sends',
  // What a subject leaves on a volume is no larger than the volume, and only regular files are opened.
  'harness/power-cut/owners/files-on-disk.ts': 'the names in a subject’s directory',
  'harness/power-cut/marker.ts': 'a file beside a subject’s',
  'harness/disk-subject/survey.ts': 'a subject’s files',
  'harness/observed/snapshot.ts': 'a subject’s files',
  'subjects/wal/damage.ts': 'a subject’s files',
  'harness/kill/deliver.ts': 'a subject’s directory',
  'subjects/wal/portability/digests.ts': 'a subject’s files',
  'subjects/atomic-rename/check.ts': 'a subject’s files',
}

/** The lines of a source file that are no comment. */
const linesOf = (path: string): string[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => !/^\s*(\/\/|\*|\/\*\*)/.test(line))

test('what others wrote is read only by what has a limit and waits for nothing', () => {
  const sources = ['harness', 'matrix', 'api', 'subjects/wal', 'subjects/atomic-rename']
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
    )
    .filter((path) => /\.c?ts$/.test(path) && !/\.(test|pictures)\.ts$|\/testing\//.test(path))
  const offenders = sources.filter(
    (path) => !(path in ALLOWED) && linesOf(path).some((line) => UNBOUNDED.test(line)),
  )
  expect(sources.length).toBeGreaterThan(100)
  expect(offenders).toEqual([])
  const needless = Object.keys(ALLOWED).filter(
    (path) => !existsSync(path) || !linesOf(path).some((line) => UNBOUNDED.test(line)),
  )
  expect(needless).toEqual([])
})
