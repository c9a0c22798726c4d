import { Command } from 'commander'
import { THIS_NODE } from '../../harness/process/runtime.ts'
import { cacheDirectory } from '../emulation/cache.ts'
import { emulatedRuntime } from '../emulation/emulated-runtime.ts'
import { DEBIAN_MIRROR, setUp } from '../emulation/setup.ts'
import { EXIT } from '../exit-code.ts'
import { interruptible } from '../interrupt.ts'
import { createProgress } from '../progress.ts'
import { architectures, url } from './values.ts'

async function setup({ arch, mirror }: { arch: string[]; mirror: string }): Promise<number> {
  const progress = createProgress()
  return await interruptible(async (signal) => {
    const arches = arch.filter((each) => each !== THIS_NODE.arch)
    await setUp({ arches, mirror, progress, signal })
    if (arch.includes(THIS_NODE.arch)) progress.line(`${THIS_NODE.arch} is this machine's own.`)
    for (const each of arches) {
      const { node, qemu, endianness } = await emulatedRuntime(each, signal)
      progress.line(`${each} is set up: Node ${node}, QEMU ${qemu}, ${endianness}.`)
    }
    return EXIT.pass
  })
}

/** `pullplug setup`. */
export function setupCommand(done: (exitCode: number) => void): Command {
  return new Command('setup')
    .description('bring what emulates other architectures into the cache')
    .requiredOption('--arch <names>', 'architectures, with commas, or all', architectures)
    .option('--mirror <url>', 'the mirror of Debian that packages are from', url, DEBIAN_MIRROR)
    .addHelpText(
      'after',
      `
It downloads QEMU's user mode and a Node for each architecture from Debian (apt checks their signatures),
and the test runner's machine code from npm (which checks its integrity), about 40 MB an architecture and
70 MB for QEMU. All of it goes to ${cacheDirectory()}
(XDG_CACHE_HOME), nothing of the system is changed, and no root is needed. What is there is not downloaded
again; to have it anew, remove that folder. \`pullplug matrix --arch …\` does the same when it needs to.

Examples:
  pullplug setup --arch riscv64
  pullplug setup --arch all --mirror http://ftp.de.debian.org/debian`,
    )
    .action(async (options: { arch: string[]; mirror: string }) => done(await setup(options)))
}
