import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { THIS_NODE } from '../../harness/process/runtime.ts'
import { downloadPackages, unpackPackage } from './debian.ts'
import { GUESTS } from './guest.ts'
import { writeManifest } from './manifest.ts'
import { downloadsOf, type Part } from './part.ts'

/** The Debian package with the emulators. */
export const QEMU_PACKAGE = 'qemu-user'

/** The emulators of user mode: static programs of this machine's architecture, which need nothing else. */
export const EMULATORS: Part = {
  name: 'emulators',
  what: 'QEMU',
  async make(folder, source, signal) {
    const { arch } = THIS_NODE
    const download = await downloadPackages(
      downloadsOf(folder),
      { arch, packages: [QEMU_PACKAGE], withDependencies: false, signal },
      source,
    )
    const unpacked = `${folder}.unpacked`
    mkdirSync(unpacked)
    for (const file of download.files) await unpackPackage(file, unpacked, signal)
    for (const { qemu } of GUESTS) {
      renameSync(join(unpacked, 'usr/bin', qemu), join(folder, qemu))
    }
    writeManifest(folder, source, download)
    return download
  },
}
