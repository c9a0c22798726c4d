import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { readText } from '../../harness/files/read-text.ts'
import { OWN_MARK } from '../../harness/process/environment.ts'
import { MachineError } from '../../harness/process/machine-error.ts'
import { type DebianSource, writeAptConfiguration } from './apt-configuration.ts'

/** What is downloaded, and how. */
export interface DebianRequest {
  arch: string
  packages: string[]
  /** Whether all that they depend on comes along. */
  withDependencies: boolean
  signal: AbortSignal
}

/** What was downloaded. */
export interface DebianDownload {
  /** The paths of the .deb files. */
  files: string[]
  /** Their versions by name. */
  versions: Record<string, string>
  /** When the list that they are from was made, and when it ceased to be up to date, if it says so. */
  listedAt: string
  validUntil: string | null
}

/** Of a list that says what there is; Debian's are below a megabyte. */
const MAX_LIST_BYTES = 16 * 1024 * 1024

const TIMEOUT_MS = 10 * 60 * 1000

function complaint(output: string): string {
  const lines = output.trim().split('\n')
  const telling = lines.find((line) => line.startsWith('E: ')) ?? lines.at(-1) ?? ''
  return telling.replace(/^E: /, '').slice(0, 300)
}

async function run(
  [file, ...args]: readonly [string, ...string[]],
  options: { cwd: string; signal: AbortSignal; aptConfig?: string },
): Promise<string> {
  const { cwd, signal, aptConfig } = options
  const env = { ...OWN_MARK, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' }
  const result = await execa(file, args, {
    cwd,
    env: aptConfig === undefined ? env : { ...env, APT_CONFIG: aptConfig },
    reject: false,
    all: true,
    stdin: 'ignore',
    timeout: TIMEOUT_MS,
    cancelSignal: signal,
  })
  signal.throwIfAborted()
  if (!result.failed) return result.all
  const why = result.timedOut ? `it gave no end in ${TIMEOUT_MS / 1000} s` : complaint(result.all)
  throw new MachineError(
    result.code === 'ENOENT' ? 'MISSING' : 'BROKEN',
    `${file} ${args[0]} failed: ${why || result.shortMessage}`,
    'Check the network, the mirror (--mirror) and the free space, and try again.',
    { cause: result },
  )
}

function dateIn(lists: string, field: string): string | null {
  const name = readdirSync(lists).find((each) => each.endsWith('_InRelease'))
  if (name === undefined) return null
  const text = readText(join(lists, name), { maxBytes: MAX_LIST_BYTES })
  return new RegExp(`^${field}: (.+)$`, 'm').exec(text)?.[1] ?? null
}

/**
 * Downloads packages into `folder` through an apt of our own, which checks the lists against the
 * keyring and each package against the lists; no root is needed. Throws a `MachineError`, and what
 * `signal` was aborted with.
 */
export async function downloadPackages(
  folder: string,
  { arch, packages, withDependencies, signal }: DebianRequest,
  source: DebianSource,
): Promise<DebianDownload> {
  mkdirSync(folder)
  const aptConfig = await writeAptConfiguration(folder, arch, source)
  const archives = join(folder, 'cache/archives')
  const options = { cwd: archives, signal, aptConfig }
  await run(['apt-get', 'update'], options)
  const how = withDependencies ? ['install', '--download-only', '--yes'] : ['download']
  await run(['apt-get', ...how, ...packages], options)
  const files = readdirSync(archives)
    .filter((name) => name.endsWith('.deb'))
    .map((name) => join(archives, name))
  const versions: Record<string, string> = {}
  for (const file of files) {
    const fields = await run(['dpkg-deb', '--field', file, 'Package', 'Version'], options)
    const [, name = '', version = ''] = /^Package: (.+)\nVersion: (.+)$/.exec(fields) ?? []
    versions[name] = version
  }
  const lists = join(folder, 'state/lists')
  return {
    files,
    versions,
    listedAt: dateIn(lists, 'Date') ?? '',
    validUntil: dateIn(lists, 'Valid-Until'),
  }
}

/** Unpacks a package below `folder`; none of its scripts is run. */
export async function unpackPackage(
  file: string,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  await run(['dpkg-deb', '--extract', file, folder], { cwd: folder, signal })
}
