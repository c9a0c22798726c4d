/** How far something has come. */
export interface Pace {
  done: number
  /** Of how many; null where they are without number. */
  of: number | null
  /** How many of them were made in the last so many milliseconds, by which the rate is told. */
  made: number
  madeMs: number
  /** For how long it has gone on, with all that came before the first. */
  elapsedMs: number
  /** How long it may take in all; null where it takes as long as it takes. */
  forMs: number | null
}

/** Of less, no rate can be told. */
const LEAST_MS = 1000
/** From so many seconds on, the time that is left is told in minutes. */
const MINUTES_FROM = 120

function rateInWords(perSecond: number): string {
  if (perSecond >= 10) return `${Math.round(perSecond)}/s`
  return perSecond >= 1 ? `${perSecond.toFixed(1)}/s` : `${(perSecond * 60).toFixed(1)}/min`
}

/** A time that is left, rounded up: `1 s`, `119 s`, `2 min`. */
function leftInWords(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000))
  return seconds < MINUTES_FROM ? `${seconds} s left` : `${Math.ceil(seconds / 60)} min left`
}

/** How fast it goes, and the time that is left where the total or the time is known, to follow a count; empty at first. */
export function paceInWords({ done, of, made, madeMs, elapsedMs, forMs }: Pace): string {
  const timed = forMs === null ? [] : [forMs - elapsedMs]
  if (made === 0 || madeMs < LEAST_MS) return ''
  const perMs = made / madeMs
  const counted = of === null ? [] : [(of - done) / perMs]
  const left = Math.min(...timed, ...counted)
  const rate = `, ${rateInWords(perMs * 1000)}`
  return Number.isFinite(left) && left > 0 ? `${rate}, ${leftInWords(left)}` : rate
}
