import { basename, dirname } from 'node:path'
import type { Runtime } from '../../harness/process/runtime.ts'
import { scriptPath } from '../../harness/process/script.ts'
import type { DescribedSubject } from '../../harness/subject/description.ts'
import { LOG_VARIABLE } from './module.ts'

/**
 * Our log as any other subject is described, or a control of it by its name, on a Node of its own. Throws a
 * `MachineError` when the harness is not built.
 */
export function describedLog(name: string, runtime?: Runtime): DescribedSubject {
  const module = scriptPath('subjects/wal/module.js')
  return {
    folder: dirname(module),
    ...(runtime === undefined ? {} : { runtime }),
    description: {
      name,
      kind: 'log',
      module: basename(module),
      promises: { kill: 'durable', 'power-cut': 'durable' },
      environment: { [LOG_VARIABLE]: name },
    },
  }
}
