import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { OWN_MARK } from '../../harness/process/environment.ts'
import { MachineError } from '../../harness/process/machine-error.ts'
import { unpackPackage } from './debian.ts'

const NAME = 'debian-archive-keyring'
const PATH = `usr/share/keyrings/${NAME}.gpg`

/**
 * The keyring of Debian's archive: the host's, or, on a host without (Ubuntu), that of the package which
 * the host's own apt downloads into `folder` and vouches for. Throws a `MachineError`.
 */
export async function debianKeyring(folder: string, signal: AbortSignal): Promise<string> {
  const installed = join('/', PATH)
  if (existsSync(installed)) return installed
  mkdirSync(folder)
  const options = {
    cwd: folder,
    env: OWN_MARK,
    reject: false,
    all: true,
    cancelSignal: signal,
  } as const
  const { failed, all } = await execa('apt-get', ['download', NAME], options)
  signal.throwIfAborted()
  if (failed) {
    throw new MachineError(
      'MISSING',
      `the keys of Debian's archive are not here: ${all?.split('\n').at(-1) ?? ''}`,
      `Run \`sudo apt-get update && sudo apt-get install ${NAME}\`.`,
    )
  }
  const file = readdirSync(folder).find((name) => name.endsWith('.deb')) ?? ''
  await unpackPackage(join(folder, file), folder, signal)
  return join(folder, PATH)
}
