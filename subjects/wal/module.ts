import type { OpenModule } from '../../harness/subject/module.ts'
import { nodeDisk } from '../../wal/node-disk.ts'
import { controlNamed } from './controls/index.ts'
import { walSubject } from './subject.ts'

/** Names which log is opened, in the environment of the process that hosts it. */
export const LOG_VARIABLE = 'PULLPLUG_LOG'

/** Our log behind the contract of any subject, or a control of it; an entry is the text of a record. */
export function open(directory: string): OpenModule {
  const name = process.env[LOG_VARIABLE] ?? walSubject.name
  const subject = name === walSubject.name ? walSubject : controlNamed(name)?.subject
  if (subject === undefined) throw new Error(`there is no log ${name}`)
  const log = subject.open(directory, { disk: nodeDisk, log: () => {} })
  return {
    append: (text: string) => log.append({ text }),
    read: () => Array.from(log.read(), ({ fields }) => String(fields.text)),
    close: () => log.close(),
  }
}
