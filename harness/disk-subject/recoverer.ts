import { writeSync } from 'node:fs'
import type { Disk } from '../../wal/disk.ts'
import { nodeDisk } from '../../wal/node-disk.ts'
import { ANSWERS_FD } from '../process/answers.ts'
import { orders } from '../process/orders.ts'
import type { Residents } from './home.ts'
import type { RecovererLine, RecoveryReply, RecoveryRequest } from './recoverer-protocol.ts'
import { reopen } from './reopen.ts'

function tell(line: RecovererLine): void {
  writeSync(ANSWERS_FD, `${JSON.stringify(line)}\n`)
}

const UNSYNCED_DISK: Disk = { ...nodeDisk, sync: () => {}, syncDirectory: () => {} }

async function recover(residents: Residents, request: RecoveryRequest): Promise<RecoveryReply> {
  const subject = await residents.load(request.subject)
  const disk = request.skipSyncs ? UNSYNCED_DISK : nodeDisk
  tell({ id: request.id, begun: true })
  return { id: request.id, ...reopen(subject, { disk, roleOf: residents.roleOf }, request) }
}

/** What a process does that is kept: it recovers one directory after another until its input ends. */
export async function serveAsRecoverer(residents: Residents): Promise<void> {
  for (const line of orders()) tell(await recover(residents, JSON.parse(line) as RecoveryRequest))
}
