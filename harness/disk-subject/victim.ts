import { readFileSync, writeSync } from 'node:fs'
import { nodeDisk } from '../../wal/node-disk.ts'
import { ANSWERS_FD } from '../process/answers.ts'
import type { Residents } from './home.ts'
import { playVictim } from './play-victim.ts'
import type { VictimJob } from './victim-protocol.ts'

/** What the process does that is killed. */
export async function serveAsVictim({ load, roleOf }: Residents): Promise<void> {
  const job = JSON.parse(readFileSync(0, 'utf8')) as VictimJob
  playVictim(await load(job.subject), job, {
    disk: nodeDisk,
    roleOf,
    tell: (line) => void writeSync(ANSWERS_FD, `${JSON.stringify(line)}\n`),
    die: () => {
      process.kill(process.pid, 'SIGKILL')
      throw new Error('a SIGKILL to itself did not end the process')
    },
  })
}
