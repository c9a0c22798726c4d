import { existsSync } from 'node:fs'
import { execa } from 'execa'
import { volumeCapabilities } from '../harness/volume/capabilities.ts'
import { FILE_SYSTEMS, type FileSystemName } from '../harness/volume/file-systems/index.ts'
import type { Progress } from './progress.ts'

const APT = '/usr/bin/apt-get'

async function missingPackages(fileSystems: string[]): Promise<string[]> {
  const capabilities = await volumeCapabilities()
  return capabilities
    .filter(({ fileSystem, toolMissing }) => fileSystems.includes(fileSystem) && toolMissing)
    .map(({ fileSystem }) => FILE_SYSTEMS[fileSystem as FileSystemName].debianPackage)
}

/**
 * Installs the Debian packages that the file systems need and that are not there, saying so; as root
 * on Debian or Ubuntu only, elsewhere it does nothing. A failed installation is told and is no error:
 * the cells that needed it will say what they miss.
 */
export async function installPackages(
  fileSystems: string[],
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  if (process.getuid?.() !== 0 || !existsSync(APT)) return
  const packages = await missingPackages(fileSystems)
  if (packages.length === 0) return
  progress.line(
    `Installing ${packages.join(' and ')} with apt-get (--no-install leaves that to you).`,
  )
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const options = { env, reject: false, all: true, cancelSignal: signal } as const
  const install = ['install', '--yes', '--no-install-recommends', ...packages]
  let result = await execa(APT, install, options)
  if (result.exitCode !== 0) {
    await execa(APT, ['update'], options)
    result = await execa(APT, install, options)
  }
  signal.throwIfAborted()
  if (result.exitCode !== 0) {
    progress.line(`apt-get could not install them: ${result.all.split('\n').at(-1)}`)
  }
}
