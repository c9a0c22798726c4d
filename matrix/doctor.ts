import { registryInWords } from '../harness/owned/registry.ts'
import { lacksForPowerCuts } from '../harness/power-cut/requirements.ts'
import { volumeCapabilities } from '../harness/volume/capabilities.ts'
import { CELLS, statusOf, WORKING_DIRECTORY } from './cells.ts'
import { checkoutOf } from './commit.ts'
import { emulationNeeds } from './emulation/needs.ts'
import type { CellStatus, RunRecord } from './evidence/types.ts'
import { describeHost, nativeArch } from './host.ts'
import { type LeftoverLine, listLeftovers } from './leftovers.ts'

/** What this machine can and can't do. */
export interface Diagnosis {
  host: RunRecord['host']
  findings: { ok: boolean; text: string }[]
  cells: {
    cell: string
    status: CellStatus
    emulated: boolean
    runs: boolean
    needs: string[]
  }[]
  leftovers: LeftoverLine[]
  /** What stands among volumes and is not known to be ours; nobody here touches it. */
  foreign: LeftoverLine[]
}

/** The folder of the evidence, unless a run is told of another one. */
const EVIDENCE = 'evidence'

async function findGit(): Promise<Diagnosis['findings'][number]> {
  const { checkout, problem } = await checkoutOf(process.cwd(), EVIDENCE)
  if (problem !== null) {
    const text = `evidence will name no commit, and the gate will refuse it: ${problem}`
    return { ok: false, text }
  }
  const { commit, dirty } = checkout
  return dirty
    ? {
        ok: false,
        text: `commit ${commit.slice(0, 12)} with uncommitted changes: the gate will refuse such evidence`,
      }
    : { ok: true, text: `commit ${commit.slice(0, 12)}, clean` }
}

/** Whether the power can be cut, where volumes can be made at all: what those lack is told beside them. */
async function findPowerCuts(): Promise<Diagnosis['findings']> {
  const able = (await volumeCapabilities()).filter(({ available }) => available)
  return await Promise.all(
    able.map(async ({ fileSystem }) => {
      const lacks = await lacksForPowerCuts(fileSystem)
      const needs = lacks.map(({ what, remedy }) => `${what} (${remedy})`).join('; and ')
      return lacks.length === 0
        ? { ok: true, text: `the power of ${fileSystem} can be cut` }
        : { ok: false, text: `the power of ${fileSystem} cannot be cut: it needs ${needs}` }
    }),
  )
}

/** Looks at the machine; changes nothing. */
export async function diagnose(): Promise<Diagnosis> {
  const native = nativeArch()
  const capabilities = await volumeCapabilities()
  const needsOf = (fileSystem: string): string[] =>
    capabilities.find((each) => each.fileSystem === fileSystem)?.missing ?? []
  const extras = [...capabilities.map(({ fileSystem }) => fileSystem), WORKING_DIRECTORY]
    .filter(
      (fileSystem) => !CELLS.some((cell) => cell.arch === native && cell.fileSystem === fileSystem),
    )
    .map((fileSystem) => ({ arch: native, fileSystem, status: statusOf(native, fileSystem) }))
  const cells = [...CELLS, ...extras].map(({ arch, fileSystem, status }) => {
    const emulated = arch !== native
    const needs = [...(emulated ? emulationNeeds(arch) : []), ...needsOf(fileSystem)]
    return { cell: `${arch}/${fileSystem}`, status, emulated, runs: needs.length === 0, needs }
  })
  return {
    host: describeHost(),
    findings: [
      ...capabilities.map(({ fileSystem, available, missing }) => ({
        ok: available,
        text: available
          ? `${fileSystem} volumes can be made`
          : `no ${fileSystem} volumes: ${missing.join('; and ')}`,
      })),
      ...(await findPowerCuts()),
      registryInWords(),
      await findGit(),
    ],
    cells,
    ...listLeftovers(),
  }
}
