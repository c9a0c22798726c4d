import { nodeDisk } from '../../wal/node-disk.ts'
import { answerOrders } from '../process/orders.ts'
import { DiskSpeaker } from './disk-speaker.ts'
import type { Residents } from './home.ts'
import type { StepAnswer, StepReply, StepRequest } from './steps.ts'

/** What a process does that is kept: it takes one step after another, until its input ends. */
export async function serveSteps({ load, roleOf }: Residents): Promise<void> {
  const speaker = new DiskSpeaker({ disk: nodeDisk, roleOf })
  const reply = async (step: StepRequest): Promise<StepReply> =>
    step.do === 'load' ? speaker.load(await load(step.subject)) : speaker.take(step)
  await answerOrders<StepRequest, StepAnswer>(
    async (step) => ({ id: step.id, ...(await reply(step)) }),
    () => true,
  )
}
