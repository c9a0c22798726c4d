import { answer, answerJson } from '../answer.ts'
import { type Diagnosis, diagnose } from '../doctor.ts'
import { EXIT } from '../exit-code.ts'
import { cleanedInWords, cleanLeftovers } from '../leftovers.ts'
import { command, flag } from './command.ts'

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
          ...leftovers.map(({ name, what, why }) => `  ${name}: ${what}; ${why}`),
        ]),
    ...foreign.map(
      ({ name, what, why }) => `Not known to be left, and not touched: ${name}: ${what}; ${why}`,
    ),
  ]
}

/** `pullplug doctor`. */
export const doctor = command({
  options: {
    clean: flag('remove what killed runs left: mounts (FUSE among them), loop devices, images'),
    json: flag('the same as JSON'),
  },
  notes: 'It touches only what pullplug made, and only when the run that made it is dead.',
  examples: [['pullplug doctor'], ['sudo pullplug doctor --clean']],
  makesThings: true,
  async run({ clean, json }) {
    const cleaned = clean ? await cleanLeftovers() : []
    const diagnosis = await diagnose()
    if (json) await answerJson({ ...diagnosis, cleaned })
    else await answer([...cleaned.map(cleanedInWords), ...describe(diagnosis)])
    if (cleaned.some(({ removed }) => !removed)) return EXIT.broken
    return diagnosis.cells.some(({ runs }) => runs) ? EXIT.pass : EXIT.missing
  },
})
