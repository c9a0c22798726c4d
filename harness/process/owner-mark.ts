import { isOwner, type Owner } from './owner.ts'

const NOT_SAID = '-'

/** An owner in the value of a variable, such as `4711/98765/pid:[4026531836]/f0…`. */
export function ownerMark({ pid, startTicks, pidNamespace, bootId }: Owner): string {
  return [pid, startTicks, pidNamespace, bootId].map((each) => each ?? NOT_SAID).join('/')
}

/** The owner that such a value says; null when it says none. */
export function ownerIn(mark: string): Owner | null {
  const fields = mark.split('/').map((field) => (field === NOT_SAID ? null : field))
  const [pid, startTicks = null, pidNamespace = null, bootId = null] = fields
  const owner = {
    pid: Number(pid),
    startTicks: startTicks === null ? null : Number(startTicks),
    pidNamespace,
    bootId,
  }
  return fields.length === 4 && isOwner(owner) ? owner : null
}
