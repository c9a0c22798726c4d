import type { SubjectHome } from '../disk-subject/home.ts'
import { Recoverer } from '../disk-subject/recoverer-client.ts'
import { planPowerCut } from '../plan/power-cut.ts'
import { checkFiles } from './check-state.ts'
import type { SubjectHost } from './subject-host.ts'
import { Writer } from './writer-client.ts'

/** The host of subjects that take a disk, which a recording names. */
export function diskSubjectHost(home: SubjectHome): SubjectHost {
  return {
    keepsRecordings: true,
    keepsWriter: true,
    planOf: planPowerCut,
    startWriter: (options) => Writer.start({ ...options, home }),
    judgeWith(options) {
      const recoverer = new Recoverer({ ...options, home })
      return {
        judge: (root, request) =>
          checkFiles(root, { ...request, recoverer, inspect: home.inspect }),
        stop: () => recoverer.stop(),
      }
    },
  }
}
