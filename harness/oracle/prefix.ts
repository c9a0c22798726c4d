import type { Failure } from './failure.ts'

/** An entry as it is compared: its seq, and its payload as JSON. */
export interface SeenEntry {
  seq: string
  json: string
}

/** What was handed to the subject, as JSON, and how many of it were acknowledged. */
export interface Promised {
  sent: string[]
  acked: number
}

function brief(json: string): string {
  return json.length > 80 ? `${json.slice(0, 77)}...` : json
}

/** How a loss is told. */
export const ackedLost = (acked: number, recovered: number): string =>
  `${acked} entries were acknowledged and ${recovered} came back`

/**
 * What is wrong with the entries that recovery returned: they must be a prefix of those sent, at least
 * as long as those acknowledged, byte for byte, with the seqs 1, 2, 3, …
 */
export function judgePrefix({ sent, acked }: Promised, recovered: SeenEntry[]): Failure[] {
  for (const [index, entry] of recovered.entries()) {
    const place = index + 1
    const expected = sent[index]
    if (entry.json === expected && entry.seq === String(place)) continue
    if (entry.json === expected) {
      return [{ name: 'altered', detail: `entry ${place} came back with seq ${entry.seq}` }]
    }
    const sentAs = sent.indexOf(entry.json) + 1
    if (sentAs === 0) {
      return [
        expected === undefined
          ? { name: 'phantom', detail: `entry ${place} was never sent: ${brief(entry.json)}` }
          : { name: 'altered', detail: `entry ${place} came back as ${brief(entry.json)}` },
      ]
    }
    return [
      sentAs > place
        ? { name: 'hole', detail: `entry ${place} is missing: entry ${sentAs} stands in its place` }
        : { name: 'phantom', detail: `entry ${sentAs} came back a second time, as entry ${place}` },
    ]
  }
  if (recovered.length < acked) {
    return [{ name: 'acked-lost', detail: ackedLost(acked, recovered.length) }]
  }
  return []
}
