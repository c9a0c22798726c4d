import { readFileSync, writeSync } from 'node:fs'
import { nodeDisk } from '../../wal/node-disk.ts'
import { ANSWERS_FD } from '../process/answers.ts'
import { loadSubject } from '../subjects/load.ts'
import { playVictim } from './play-victim.ts'
import type { VictimJob } from './victim-protocol.ts'

/** The process that is killed. */
async function main(): Promise<void> {
  const job = JSON.parse(readFileSync(0, 'utf8')) as VictimJob
  playVictim(await loadSubject(job.subject), job, {
    disk: nodeDisk,
    tell: (line) => void writeSync(ANSWERS_FD, `${JSON.stringify(line)}\n`),
    die: () => {
      process.kill(process.pid, 'SIGKILL')
      throw new Error('a SIGKILL to itself did not end the process')
    },
  })
}

// Not awaited, so that the build can put it into a CommonJS file.
void main()
