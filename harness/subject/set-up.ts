import { MachineError } from '../process/machine-error.ts'
import { type MountNamespace, namedInside } from '../process/namespace.ts'
import { DEFAULT_ANSWER_MS, type DescribedSubject } from './description.ts'
import { runCommand } from './run-command.ts'

/**
 * Runs a subject's `setup` in a new directory, which is its last argument, and in a mount namespace if one is
 * given. Returns what went wrong in a sentence; null when nothing did, or when there is none. Kills whatever it
 * leaves running. Throws what `signal` was aborted with.
 */
export async function runSetup(
  subject: DescribedSubject,
  directory: string,
  signal?: AbortSignal,
  namespace?: MountNamespace,
): Promise<string | null> {
  const { setup } = subject.description
  if (setup === undefined) return null
  const command = [...setup, namedInside(namespace, directory)] as const
  return await runCommand({ subject, command, timeoutMs: DEFAULT_ANSWER_MS, namespace, signal })
}

/** The same, for whoever needs the directory. Throws a `MachineError` where it fails. */
export async function setUp(
  subject: DescribedSubject,
  directory: string,
  namespace?: MountNamespace,
): Promise<void> {
  const problem = await runSetup(subject, directory, undefined, namespace)
  if (problem === null) return
  throw new MachineError(
    'BROKEN',
    `the setup of ${subject.description.name} failed: ${problem}`,
    'Run `pullplug check`, which tells more, or the setup by hand on an empty directory.',
  )
}
