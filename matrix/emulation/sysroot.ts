import { existsSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { downloadPackages, unpackPackage } from './debian.ts'
import type { Guest } from './guest.ts'
import { writeManifest } from './manifest.ts'
import { downloadsOf, type Part } from './part.ts'

/**
 * What a sysroot keeps below `usr`. A file in it hides the host's of the same path (`qemu -L`), so
 * nothing is kept that the Node there doesn't load.
 */
const KEPT = ['bin/node', 'bin/nodejs', 'lib', 'lib64', 'share/nodejs']

function prune(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name !== 'usr') rmSync(join(folder, name), { recursive: true })
  }
  const usr = join(folder, 'usr')
  const pruneBelow = (above: string): void => {
    for (const name of readdirSync(join(usr, above))) {
      const path = join(above, name)
      if (KEPT.includes(path)) continue
      if (KEPT.some((kept) => kept.startsWith(`${path}/`))) pruneBelow(path)
      else rmSync(join(usr, path), { recursive: true })
    }
  }
  pruneBelow('')
  for (const name of ['lib', 'lib64']) {
    if (existsSync(join(usr, name))) symlinkSync(`usr/${name}`, join(folder, name))
  }
}

/** A Node of the guest's architecture, and the libraries that it loads. */
export function sysrootOf({ arch }: Guest): Part {
  return {
    name: `sysroot-${arch}`,
    what: `Node for ${arch}`,
    async make(folder, source, signal) {
      const download = await downloadPackages(
        downloadsOf(folder),
        { arch, packages: ['nodejs'], withDependencies: true, signal },
        source,
      )
      for (const file of download.files) await unpackPackage(file, folder, signal)
      prune(folder)
      writeManifest(folder, source, download)
      return download
    },
  }
}
