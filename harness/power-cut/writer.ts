import { writeSync } from 'node:fs'
import { nodeDisk } from '../../wal/node-disk.ts'
import type { Residents } from '../disk-subject/home.ts'
import type { OpenSubject } from '../disk-subject/subject.ts'
import { ANSWERS_FD } from '../process/answers.ts'
import { reportError } from '../process/error-report.ts'
import { orders } from '../process/orders.ts'
import type { WriterAnswer, WriterOrder } from './writer-protocol.ts'

let open: OpenSubject | undefined

async function obey(residents: Residents, order: WriterOrder): Promise<WriterAnswer> {
  try {
    if ('open' in order) {
      const { subject, directory } = order.open
      open = (await residents.load(subject)).open(directory, { disk: nodeDisk, log: () => {} })
    } else if ('append' in order) {
      open?.append(order.append)
    } else {
      open?.close()
      open = undefined
    }
    return { done: true }
  } catch (error) {
    return { refused: reportError(error) }
  }
}

/** What a process does that runs a subject in lockstep: one order, one answer, until its input ends. */
export async function serveAsWriter(residents: Residents): Promise<void> {
  for (const line of orders()) {
    const answer = await obey(residents, JSON.parse(line) as WriterOrder)
    writeSync(ANSWERS_FD, `${JSON.stringify(answer)}\n`)
  }
}
