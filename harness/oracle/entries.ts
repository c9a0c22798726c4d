import type { History } from '../subject/change.ts'
import { brief } from './brief.ts'
import type { Failure } from './failure.ts'
import type { Finding } from './finding.ts'

const fails = (name: Failure['name'], detail: string): Finding => ({
  changes: null,
  failures: [{ name, detail }],
})

/** What an entry is that stands where none of those still to come was expected. */
function stranger(entry: string, place: number, sent: readonly string[], from: number): Finding {
  const sentAs = sent.indexOf(entry) + 1
  if (sentAs > 0 && sentAs <= from) {
    return fails('phantom', `entry ${sentAs} came back a second time, as entry ${place}`)
  }
  return place > sent.length
    ? fails('phantom', `entry ${place} was never sent: ${brief(entry)}`)
    : fails('altered', `entry ${place} came back as ${brief(entry)}`)
}

const sentBy = (history: History): string[] =>
  history.map(({ change }) => (change.do === 'append' ? change.entry : ''))

/** What is wrong where every entry must be one that was sent. */
export function judgeEachEntry(history: History, entries: readonly string[]): Finding {
  const sent = sentBy(history)
  const known = new Set(sent)
  const at = entries.findIndex((entry) => !known.has(entry))
  if (at >= 0) return stranger(entries[at] as string, at + 1, sent, sent.length)
  return { changes: null, failures: [] }
}

/**
 * What is wrong where entries must stand in the order in which they were sent, and between two of them nothing
 * acknowledged may be missing. An unknown one may be missing anywhere. A linear walk.
 */
export function judgeEntriesInOrder(history: History, entries: readonly string[]): Finding {
  const sent = sentBy(history)
  let next = 0
  for (const [index, entry] of entries.entries()) {
    const found = sent.indexOf(entry, next)
    if (found < 0) return stranger(entry, index + 1, sent, next)
    const passedOver = history.slice(next, found).findIndex(({ outcome }) => outcome === 'acked')
    if (passedOver >= 0) {
      const missing = next + passedOver + 1
      return fails('hole', `entry ${missing} is missing and entry ${found + 1} is there`)
    }
    next = found + 1
  }
  return { changes: next, failures: [] }
}

/** The same, where nothing acknowledged may be missing at the end either. */
export function judgeAllEntries(history: History, entries: readonly string[]): Finding {
  const finding = judgeEntriesInOrder(history, entries)
  if (finding.changes === null) return finding
  const lost = history.slice(finding.changes).filter(({ outcome }) => outcome === 'acked').length
  if (lost === 0) return finding
  const acked = history.filter(({ outcome }) => outcome === 'acked').length
  const were = acked === 1 ? '1 entry was' : `${acked} entries were`
  const gone =
    lost === acked
      ? acked === 1
        ? 'it is'
        : 'all are'
      : lost === 1
        ? 'the last is'
        : `the last ${lost} are`
  return fails('acked-lost', `${were} acknowledged and ${gone} gone`)
}
