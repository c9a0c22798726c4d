import { relative } from 'node:path'
import { Command } from 'commander'
import { CONTROL_NAMES } from '../../harness/controls/controls.ts'
import { EXT4_VARIANT_NAMES, type Ext4Variant } from '../../harness/power-cut/file-systems.ts'
import type { MissingCell } from '../choose-cells.ts'
import type { PowerCutSettings } from '../evidence/types.ts'
import { runGate } from '../gate/gate.ts'
import { renderDecision } from '../gate/render.ts'
import { nativeArch } from '../host.ts'
import { interruptible } from '../interrupt.ts'
import { cleanedInWords, cleanLeftovers } from '../leftovers.ts'
import { withLock } from '../lock.ts'
import { createProgress, type Progress } from '../progress.ts'
import { renderRuns } from '../render-runs.ts'
import { matrixExitCode, runMatrix } from '../run-matrix.ts'
import type { Shard } from '../shard.ts'
import { architectures, count, fileSystems, oneOf, seed, shard } from './values.ts'

interface MatrixOptions {
  arch?: string[]
  fs?: string[]
  runs: number
  seed?: number
  iterations: number
  everyPoint: boolean
  states?: number
  exhaustive: boolean
  tear: '512' | '4096'
  ext4?: Ext4Variant
  shard?: Shard
  out: string
  json: boolean
  install: boolean
  subject: string
}

function tellMissing(missing: MissingCell[], progress: Progress): void {
  for (const { cell, needs } of missing) {
    progress.line(`Not run here: ${cell} needs ${needs.join('; and ')}`)
  }
}

function powerCutSettings(options: MatrixOptions): PowerCutSettings {
  const { states = null, exhaustive, tear, ext4 = null } = options
  return { states, exhaustive, tearBytes: tear === '512' ? 512 : 4096, ext4 }
}

/** A device whose harness was killed would let whoever looks at loop devices wait. */
async function removeLeftovers(progress: Progress): Promise<void> {
  for (const each of await cleanLeftovers()) {
    progress.line(`A run that was killed left something: ${cleanedInWords(each)}`)
  }
}

async function matrix(options: MatrixOptions): Promise<number> {
  const { arch, fs, seed, json, ...rest } = options
  const progress = createProgress()
  return await interruptible((signal) =>
    withLock(rest.out, async () => {
      const request = {
        ...rest,
        arches: arch,
        fileSystems: fs,
        seed,
        powerCut: powerCutSettings(options),
        shard: rest.shard ?? null,
      }
      await removeLeftovers(progress)
      const result = await runMatrix(request, progress, signal)
      const { decision } = await runGate({ directory: rest.out, advisory: true })
      if (json) {
        const runs = result.runs.map(({ run, path }) => ({ path: relative('', path), run }))
        process.stdout.write(`${JSON.stringify({ runs, gate: decision })}\n`)
      }
      progress.line('')
      if (result.runs.length > 0) progress.line(renderRuns(result.runs))
      tellMissing(result.missing, progress)
      progress.line('')
      progress.line(`The gate, over all of ${rest.out}/ and as advice only:`)
      progress.line(renderDecision(decision))
      return matrixExitCode(result)
    }),
  )
}

/** `pullplug matrix`. `done` gets the exit code. */
export function matrixCommand(done: (exitCode: number) => void): Command {
  const subjects = ['wal', ...CONTROL_NAMES]
  return new Command('matrix')
    .description('run the cells that this machine can, and leave evidence')
    .option(
      '--arch <names>',
      `architectures, with commas, or all (default: this machine's, ${nativeArch()})`,
      architectures,
    )
    .option(
      '--fs <names>',
      `file systems, with commas (default: those of the architecture's cells)`,
      fileSystems,
    )
    .option(
      '--runs <n>',
      'how often each cell runs, each time with the next seed',
      count('The number of runs', 1000),
      1,
    )
    .option('--seed <s>', 'the seed of the first run (default: a new one, printed)', seed)
    .option(
      '--iterations <n>',
      'iterations of the kill tier',
      count('The number of iterations', 1_000_000),
      20,
    )
    .option(
      '--every-point',
      'kill at every operation of one workload, in place of seeded iterations',
      false,
    )
    .option(
      '--states <n>',
      'states of the disk in the power-cut step (default: as many as there is time for)',
      count('The number of states', 100_000_000),
    )
    .option('--exhaustive', 'every state of one recording in the power-cut step', false)
    .option(
      '--tear <bytes>',
      'where a write can be torn: 512 or 4096',
      oneOf(['512', '4096'], 'size of what a disk writes as one'),
      '512',
    )
    .option(
      '--ext4 <variant>',
      `how ext4 is made and mounted in the power-cut step: ${EXT4_VARIANT_NAMES.join(', ')}`,
      oneOf(EXT4_VARIANT_NAMES, 'variant of ext4'),
    )
    .option('--shard <i/n>', 'only the I-th of N shares of each run, for pullplug merge', shard)
    .option(
      '--subject <name>',
      `wal, or a control to see it fail: ${subjects.slice(1).join(', ')}`,
      'wal',
    )
    .option('--out <dir>', 'where evidence is left', 'evidence')
    .option('--json', 'the runs and the gate’s advice as JSON on stdout', false)
    .option('--no-install', 'install no system packages and set up no emulators')
    .addHelpText(
      'after',
      `
Examples:
  pullplug matrix                                  this machine × ext4 and xfs
  pullplug matrix --arch all                       every cell, other architectures by QEMU
  pullplug matrix --fs xfs --seed 42 --iterations 500
  pullplug matrix --fs ext4 --ext4 data=journal --states 20000
  pullplug matrix --seed 42 --shard 1/2            half of a run; pullplug merge brings both together
  pullplug matrix --every-point                    every operation of open, append and recovery
  pullplug matrix --subject no-truncation --out /tmp/evidence    what a failure looks like

Exit codes: 0 pass, 1 fail, 2 inconclusive, 3 something needed is missing, 4 the harness broke, 64 usage.`,
    )
    .action(async (options: MatrixOptions, command: Command) => {
      if (!subjects.includes(options.subject)) {
        command.error(`error: "${options.subject}" is no subject; there are ${subjects.join(', ')}`)
      }
      const { shard, everyPoint, iterations, states, exhaustive } = options
      if (states !== undefined && exhaustive) {
        command.error('error: --states and --exhaustive exclude each other')
      }
      if (shard !== undefined && !everyPoint && shard.of > iterations) {
        command.error(
          `error: ${shard.of} shards cannot share ${iterations} iterations; there can be at most ${iterations}`,
        )
      }
      done(await matrix(options))
    })
}
