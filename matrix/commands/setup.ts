import { THIS_NODE } from '../../harness/process/runtime.ts'
import { shownPath } from '../../harness/text/shown.ts'
import { answer } from '../answer.ts'
import { cacheDirectory } from '../emulation/cache.ts'
import { emulatedRuntime } from '../emulation/emulated-runtime.ts'
import { DEBIAN_MIRROR, setUp } from '../emulation/setup.ts'
import { EXIT } from '../exit-code.ts'
import { interruptible } from '../interrupt.ts'
import { cleanAndTell } from '../leftovers.ts'
import { createProgress } from '../progress.ts'
import { command, required, valueOr } from './command.ts'
import { architectures, url } from './values.ts'

async function setUpAll(arch: string[], mirror: string, signal: AbortSignal): Promise<string[]> {
  const arches = arch.filter((each) => each !== THIS_NODE.arch)
  const progress = createProgress()
  await cleanAndTell(progress)
  await setUp({ arches, mirror, progress, signal })
  const lines = arch.includes(THIS_NODE.arch) ? [`${THIS_NODE.arch} is this machine's own.`] : []
  for (const each of arches) {
    const { node, qemu, endianness } = await emulatedRuntime(each, signal)
    lines.push(`${each} is set up: Node ${node}, QEMU ${qemu}, ${endianness}.`)
  }
  return lines
}

/** `pullplug setup`. */
export const setup = command({
  options: {
    arch: required(architectures, 'architectures, with commas, or all'),
    mirror: valueOr(DEBIAN_MIRROR, url, 'the mirror of Debian that packages are from'),
  },
  notes: `It downloads QEMU's user mode and a Node for each architecture from Debian (apt checks their signatures), and the test runner's machine code from npm (which checks its integrity), about 40 MB an architecture and 70 MB for QEMU. All of it goes to ${shownPath(cacheDirectory())} (XDG_CACHE_HOME), nothing of the system is changed, and no root is needed. What is there is not downloaded again; to have it anew, remove that folder. pullplug matrix --arch … does the same when it needs to.`,
  examples: [
    ['pullplug setup --arch riscv64'],
    ['pullplug setup --arch all --mirror http://ftp.de.debian.org/debian'],
  ],
  makesThings: true,
  async run({ arch, mirror }) {
    const lines = await interruptible((signal) => setUpAll(arch, mirror, signal))
    await answer(lines)
    return EXIT.pass
  },
})
