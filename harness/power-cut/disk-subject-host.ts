import type { SubjectHome } from '../disk-subject/home.ts'
import { KeptProcess } from '../disk-subject/kept-process.ts'
import type { Step } from '../disk-subject/steps.ts'
import type { Payload } from '../disk-subject/subject.ts'
import { planPowerCut } from '../plan/power-cut.ts'
import { refusalInWords } from '../process/error-report.ts'
import { namedInside } from '../process/namespace.ts'
import { checkFiles } from './check-state.ts'
import type { HostOptions, RecordedWriter, SubjectHost } from './subject-host.ts'

/** A subject that is recorded, in a process that is kept. */
class DiskSubjectWriter implements RecordedWriter {
  readonly namespace: RecordedWriter['namespace']
  readonly leavePhantom: SubjectHome['leavePhantom']
  readonly #process: KeptProcess
  #subject = ''

  constructor(home: SubjectHome, options: HostOptions) {
    this.namespace = options.namespace
    this.leavePhantom = home.leavePhantom
    this.#process = new KeptProcess({ ...options, home, role: 'writer' })
  }

  get hasEnded(): boolean {
    return this.#process.hasEnded
  }

  open(subject: string, directory: string): Promise<string | null> {
    this.#subject = subject
    return this.#take({ do: 'open', directory: namedInside(this.namespace, directory) })
  }

  make(fields: Payload): Promise<string | null> {
    return this.#take({ do: 'append', fields })
  }

  close(): Promise<string | null> {
    return this.#take({ do: 'close' })
  }

  stop(): Promise<void> {
    return this.#process.stop()
  }

  async #take(step: Step): Promise<string | null> {
    const [reply] = await this.#process.take(this.#subject, [step])
    return reply?.ok === false ? refusalInWords(reply.refused) : null
  }
}

/** The host of subjects that take a disk, which a recording names. */
export function diskSubjectHost(home: SubjectHome): SubjectHost {
  return {
    keepsRecordings: true,
    keepsWriter: true,
    planOf: planPowerCut,
    startWriter: async (options) => new DiskSubjectWriter(home, options),
    judgeWith(options) {
      const recoverer = new KeptProcess({ ...options, home })
      return {
        judge: (root, request) =>
          checkFiles(root, { ...request, recoverer, inspect: home.inspect }),
        stop: () => recoverer.stop(),
      }
    },
  }
}
