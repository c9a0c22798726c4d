import { type Epoch, epochsOf, type Recording } from './recording.ts'
import type { CrashState, StateKind, Tear } from './state.ts'

/** The writes in flight of which nothing reached the disk, and the one of which a part did. */
export function lostIn({ epoch, kept, tear }: CrashState): number[] {
  const arrived = new Set(kept)
  return epoch.writes.filter((write) => !arrived.has(write) || write === tear?.request)
}

/** The state in which of an epoch's writes only these are lost; a torn one is among those that arrived. */
export function stateLosing(epoch: Epoch, lost: readonly number[], tear: Tear | null): CrashState {
  const kept = epoch.writes.filter((write) => !lost.includes(write))
  const isPrefix = kept.every((write, at) => write === epoch.writes[at])
  const untorn: StateKind = isPrefix ? 'prefix' : lost.length === 1 ? 'all-but-one' : 'subset'
  return { kind: tear === null ? untorn : 'torn', epoch, kept, tear }
}

/** States in which nothing in flight is lost, or one write, from the first cut on. */
export function smallStates(recording: Recording): CrashState[] {
  return epochsOf(recording).flatMap((epoch) => [
    stateLosing(epoch, [], null),
    ...epoch.writes.map((write) => stateLosing(epoch, [write], null)),
  ])
}

/** So many lost writes are told in a name. */
const MOST_NAMED = 40

/**
 * A state by its cut and its loss, such as `c57-l55-56` (cut at 57, writes 55 and 56 lost) or `c57-t55x0x512` (of write 55
 * only these bytes arrived); null where it lost too many writes for that.
 */
export function lossName({ epoch, kept, tear }: CrashState): string | null {
  const lost = epoch.writes.filter((write) => !kept.includes(write))
  if (lost.length > MOST_NAMED) return null
  const torn = tear === null ? '' : `-t${tear.request}x${tear.fromBytes}x${tear.toBytes}`
  return `c${epoch.endPosition}${lost.length === 0 ? '' : `-l${lost.join('-')}`}${torn}`
}

const NAME = /^c(\d{1,9})(?:-l(\d{1,9}(?:-\d{1,9}){0,40}))?(?:-t(\d{1,9})x(\d{1,9})x(\d{1,9}))?$/

/** Whether a text is such a name. */
export const isLossName = (text: string): boolean => NAME.test(text)

/** The state of a recording that has such a name; undefined where the recording has no such cut, or no such writes in it. */
export function stateNamed(recording: Recording, name: string): CrashState | undefined {
  const [, cut, losses, ...torn] = NAME.exec(name) ?? []
  const epoch = epochsOf(recording).find(({ endPosition }) => endPosition === Number(cut))
  if (cut === undefined || epoch === undefined) return undefined
  const lost = losses === undefined ? [] : losses.split('-').map(Number)
  const [request, fromBytes, toBytes] = torn.map(Number) as [number, number, number]
  const tear = torn[0] === undefined ? null : { request, fromBytes, toBytes }
  if (
    ![...lost, ...(tear === null ? [] : [request])].every((write) => epoch.writes.includes(write))
  )
    return undefined
  if (tear !== null && !isWithin(recording, tear)) return undefined
  if (tear !== null && lost.includes(request)) return undefined
  return stateLosing(epoch, lost, tear)
}

/** Whether a tear leaves a part of its write, in whole sectors. */
function isWithin({ requests }: Recording, { request, fromBytes, toBytes }: Tear): boolean {
  const sizeBytes = requests[request]?.sizeBytes ?? 0
  return fromBytes < toBytes && toBytes <= sizeBytes && fromBytes % 512 === 0 && toBytes % 512 === 0
}
