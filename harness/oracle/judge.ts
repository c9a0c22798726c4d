import type { Failure } from './failure.ts'
import { judgePrefix, type Promised, type SeenEntry } from './prefix.ts'

/**
 * What one opening of the subject gave: its entries, or why it refused. `gone` says that it did not choose
 * to: its process died, or gave no answer.
 */
export type Opening = { entries: SeenEntry[] } | { refused: string; gone?: true }

/**
 * What the disk says after the first recovery, read by eyes other than the subject's: all that is wrong with it
 * when so many entries came back.
 */
export type Inspection = (recovered: number) => Failure[]

/** Everything that was seen of a subject after its faults. */
export interface Survey {
  first: Opening
  /** Undefined when nobody but the subject can read the subject's files. */
  inspection?: Inspection
  /** A second recovery of what the first one left, and the files that it changed. */
  second: Opening
  filesChanged: string[]
  /** The append after it: the seq that it was given, and a last opening. */
  probe: { json: string; seq: string | null; after: Opening } | { refused: string }
}

function judgeSecond(first: SeenEntry[], survey: Survey): Failure[] {
  const { second, filesChanged } = survey
  if ('refused' in second) {
    return [{ name: 'not-idempotent', detail: `a second recovery refused: ${second.refused}` }]
  }
  if (JSON.stringify(second.entries) !== JSON.stringify(first)) {
    const detail = `a second recovery returned ${second.entries.length} entries, the first ${first.length}`
    return [{ name: 'not-idempotent', detail }]
  }
  if (filesChanged.length === 0) return []
  return [
    { name: 'not-idempotent', detail: `a second recovery changed ${filesChanged.join(', ')}` },
  ]
}

function judgeProbe(first: SeenEntry[], probe: Survey['probe']): Failure[] {
  if ('refused' in probe) {
    return [{ name: 'refused', detail: `the append after recovery was refused: ${probe.refused}` }]
  }
  const next = String(first.length + 1)
  if (probe.seq !== next) {
    return [{ name: 'wrong-next-seq', detail: `the next append got ${probe.seq} and not ${next}` }]
  }
  if ('refused' in probe.after) {
    const detail = `after the next append, recovery refused: ${probe.after.refused}`
    return [{ name: 'refused', detail }]
  }
  const sent = [...first.map((entry) => entry.json), probe.json]
  // What recovery returned amiss comes back amiss, and has its name already.
  if (judgePrefix({ sent, acked: 0 }, first).length > 0) return []
  return judgePrefix({ sent, acked: sent.length }, probe.after.entries).map(({ name, detail }) => ({
    name,
    detail: `after the next append, ${detail}`,
  }))
}

/**
 * The part of the oracle that one recovery answers: the recovered entries are a prefix of those sent,
 * at least as long as those acknowledged, byte for byte; its own files agree with their number; recovery
 * does not refuse.
 */
export function judgeFirst(
  promised: Promised,
  { first, inspection }: Pick<Survey, 'first' | 'inspection'>,
): Failure[] {
  if ('refused' in first) return [{ name: 'refused', detail: first.refused }]
  return [...judgePrefix(promised, first.entries), ...(inspection?.(first.entries.length) ?? [])]
}

/**
 * The oracle: what must hold after any fault. The recovered entries are a prefix of those sent, at
 * least as long as those acknowledged, byte for byte; its own files agree with their number; a second
 * recovery changes nothing; the next append gets the next seq and survives; recovery does not refuse.
 * Returns every rule that is broken, the first of each kind; none means pass.
 */
export function judge(promised: Promised, survey: Survey): Failure[] {
  const { first } = survey
  const failures = judgeFirst(promised, survey)
  if ('refused' in first) return failures
  return [
    ...failures,
    ...judgeSecond(first.entries, survey),
    ...judgeProbe(first.entries, survey.probe),
  ]
}

/**
 * What must hold after a committed entry was rotted so that it no longer parses: the subject refuses,
 * and changes nothing; or, if it has another copy, returns all that it should. Going on without the
 * entry is the failure, and so is dying over it.
 */
export function judgeRot(
  promised: Promised,
  survey: Pick<Survey, 'first' | 'filesChanged'>,
): Failure[] {
  const { first, filesChanged } = survey
  if (!('refused' in first)) return judgePrefix(promised, first.entries)
  if (first.gone) return [{ name: 'refused', detail: first.refused }]
  if (filesChanged.length === 0) return []
  const detail = `it refused, and still changed ${filesChanged.join(', ')}`
  return [{ name: 'not-idempotent', detail }]
}
