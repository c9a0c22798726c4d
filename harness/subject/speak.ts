import { dirname, resolve } from 'node:path'
import { CHILD_ENVIRONMENT } from '../process/environment.ts'
import { commandInside, type MountNamespace } from '../process/namespace.ts'
import { THIS_NODE } from '../process/runtime.ts'
import { scriptPath } from '../process/script.ts'
import type { DescribedSubject, Description } from './description.ts'
import type { Speaker } from './speaker.ts'

/**
 * Where the children of a harness that `node` runs look for programs: `node` is also theirs, since many are
 * installed where no other program is looked for.
 */
export function searchPath(node: string): string {
  const { PATH } = CHILD_ENVIRONMENT as { PATH: string }
  const folder = dirname(node)
  return PATH.split(':').includes(folder) ? PATH : `${folder}:${PATH}`
}

/** All of the environment that a subject's processes are given. */
export function environmentOf({ environment }: Description): Record<string, string> {
  return { ...CHILD_ENVIRONMENT, PATH: searchPath(process.execPath), ...environment }
}

/**
 * How the process is started that speaks for a subject, in a mount namespace if one is given. Throws a
 * `MachineError` when the harness is not built.
 */
export function speakerOf(subject: DescribedSubject, namespace?: MountNamespace): Speaker {
  const speaker = speakerHere(subject)
  const command = commandInside(namespace, speaker.command, speaker.cwd)
  return { ...speaker, command }
}

function speakerHere({ description, folder, runtime = THIS_NODE }: DescribedSubject): Speaker {
  const environment = environmentOf(description)
  if ('command' in description) {
    return { command: description.command, cwd: folder, environment, answersFd: 1 }
  }
  const module = resolve(folder, description.module)
  const command = [
    ...runtime.command,
    scriptPath('harness/subject/host.js'),
    module,
    description.kind,
  ] as const
  return { command, cwd: folder, environment, answersFd: 3 }
}
