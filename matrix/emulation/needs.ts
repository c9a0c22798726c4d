import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { isSetUp } from './setup.ts'

function hasCommand(name: string): boolean {
  return (process.env.PATH ?? '').split(':').some((directory) => {
    try {
      accessSync(join(directory, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** What is needed to emulate an architecture here, each as `needs …` would name it; nothing when it is set up. */
export function emulationNeeds(arch: string): string[] {
  if (isSetUp(arch)) return []
  if (process.platform !== 'linux') return ['Linux, for QEMU’s user mode']
  const missing = ['apt-get', 'dpkg-deb', 'npm'].filter((name) => !hasCommand(name))
  if (missing.length > 0) return [`${missing.join(' and ')}, which bring the emulator`]
  return [`an emulator that is not set up (run \`pullplug setup --arch ${arch}\`)`]
}
