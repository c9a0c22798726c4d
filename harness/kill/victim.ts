import { readFileSync, writeSync } from 'node:fs'
import { nodeDisk } from '../../wal/node-disk.ts'
import { ANSWERS_FD } from '../process/answers.ts'
import { loadSubject } from '../subjects/load.ts'
import type { Operation } from './operations.ts'
import { pointDisk } from './point-disk.ts'
import { reportError, type VictimJob, type VictimLine } from './victim-protocol.ts'

/** The process that is killed: it runs the subject, tells of each acknowledgement, and dies at its point. */
async function main(): Promise<void> {
  const job = JSON.parse(readFileSync(0, 'utf8')) as VictimJob
  const subject = await loadSubject(job.subject)
  const tell = (line: VictimLine): void => void writeSync(ANSWERS_FD, `${JSON.stringify(line)}\n`)

  const die = (operation: Operation, writtenBytes?: number): never => {
    tell({ point: operation, ...(writtenBytes === undefined ? {} : { writtenBytes }) })
    process.kill(process.pid, 'SIGKILL')
    throw new Error('a SIGKILL to itself did not end the process')
  }

  let during = 'open'
  const disk = pointDisk(nodeDisk, {
    during: () => during,
    ...(job.point === undefined ? {} : { death: { point: job.point, die } }),
    ...(job.trace ? { onOperation: (operation: Operation) => tell({ operation }) } : {}),
  })

  try {
    const open = subject.open(job.directory, { disk, log: () => {} })
    job.entries.forEach((fields, index) => {
      during = `append ${index + 1}`
      const seq = open.append(fields)
      tell({ acked: index + 1, seq: String(seq) })
    })
    during = 'close'
    open.close()
  } catch (error) {
    tell({ refused: reportError(error) })
    return
  }
  tell({ done: true })
}

// Not awaited, so that the build can put it into a CommonJS file.
void main()
