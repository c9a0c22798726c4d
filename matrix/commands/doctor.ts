import { Command } from 'commander'
import { type Diagnosis, diagnose } from '../doctor.ts'
import { EXIT } from '../exit-code.ts'
import { cleanedInWords, cleanLeftovers } from '../leftovers.ts'

function describe({ host, cells, findings, leftovers, foreign }: Diagnosis): string[] {
  return [
    `${host.platform} ${host.kernel}, ${host.arch}, ${host.cpus} processors, Node ${host.node}`,
    ...findings.map(({ ok, text }) => `${ok ? 'ok  ' : '--  '} ${text}`),
    '',
    ...cells.map(({ cell, status, emulated, runs, needs }) =>
      runs
        ? `runs here    ${cell} (${status}${emulated ? ', emulated' : ''})`
        : `does not run ${cell} (${status}): ${needs.join('; and ')}`,
    ),
    '',
    ...(leftovers.length === 0
      ? ['Nothing is left of killed runs.']
      : [
          `Left by killed runs (pullplug doctor --clean removes them):`,
          ...leftovers.map(({ directory, what }) => `  ${directory}: ${what}`),
        ]),
    ...foreign.map(
      ({ directory, what }) => `Not known to be ours, and left alone: ${directory}: ${what}`,
    ),
  ]
}

/** `pullplug doctor`. */
export function doctorCommand(done: (exitCode: number) => void): Command {
  return new Command('doctor')
    .description('say what this machine can and can’t do, and what killed runs left')
    .option(
      '--clean',
      'remove what killed runs left: mounts (FUSE among them), loop devices, images',
      false,
    )
    .option('--json', 'the same as JSON on stdout', false)
    .addHelpText(
      'after',
      `
It touches only what pullplug made, and only when the run that made it is dead.

Examples:
  pullplug doctor
  sudo pullplug doctor --clean`,
    )
    .action(async ({ clean, json }: { clean: boolean; json: boolean }) => {
      const cleaned = clean ? await cleanLeftovers() : []
      const diagnosis = await diagnose()
      if (json) process.stdout.write(`${JSON.stringify({ ...diagnosis, cleaned })}\n`)
      const lines = [...cleaned.map(cleanedInWords), ...describe(diagnosis)]
      process.stderr.write(`${lines.join('\n')}\n`)
      if (cleaned.some(({ removed }) => !removed)) done(EXIT.broken)
      else done(diagnosis.cells.some(({ runs }) => runs) ? EXIT.pass : EXIT.missing)
    })
}
