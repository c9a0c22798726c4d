import { Recoverer } from '../disk-subject/recoverer-client.ts'
import type { Inspection } from '../oracle/judge.ts'
import { planPowerCut } from '../plan/power-cut.ts'
import { checkFiles } from './check-state.ts'
import type { SubjectHost } from './subject-host.ts'
import { Writer } from './writer-client.ts'

/**
 * The host of the subjects that come with this program, which a recording names. `inspect` reads a subject's
 * files without it, if anyone can.
 */
export function builtInHost(inspect?: (directory: string) => Inspection): SubjectHost {
  return {
    keepsRecordings: true,
    keepsWriter: true,
    planOf: planPowerCut,
    startWriter: (options) => Writer.start(options),
    judgeWith(options) {
      const recoverer = new Recoverer(options)
      return {
        judge: (root, request) => checkFiles(root, { ...request, recoverer, inspect }),
        stop: () => recoverer.stop(),
      }
    },
  }
}
