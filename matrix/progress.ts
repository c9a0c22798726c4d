import ora, { type Ora } from 'ora'
import { plainLine } from '../harness/text/shown.ts'
import { wantsColours } from './colours.ts'
import { type Pace, paceInWords } from './pace.ts'

/** How much is said meanwhile: problems alone, what is usual, or every case. */
export type Amount = 'quiet' | 'usual' | 'verbose'

/** Words for people, on stderr: lines that stay, and on a terminal one line that moves. */
export interface Progress {
  /** A line that stays, made plain; or what was rendered with colours, of which all from outside was. */
  line(text: string | { rendered: string }): void
  /** The same of what is said however quiet it is to be: what failed, and what could not be done. */
  problem(text: string): void
  /** The same of what only somebody reads who asked for more. */
  detail(text: string): void
  /** What is going on now; only a terminal shows it. */
  now(text: string): void
  /** How far that has come, counted from when something of that title was first going on; only a terminal shows it. */
  count(title: string, done: number, more?: Partial<Pick<Pace, 'of' | 'forMs'>> & CountWords): void
  /** Takes the moving line away. */
  end(): void
}

interface CountWords {
  /** What is counted, such as `states`. */
  unit?: string
}

export interface ProgressOptions {
  stream?: NodeJS.WriteStream
  amount?: Amount
}

function createSpinner(stream: NodeJS.WriteStream): Ora {
  const color = wantsColours(stream) ? 'cyan' : false
  return ora({ stream, discardStdin: false, indent: 2, color })
}

/** Progress as stderr can show it: a spinner on a terminal, plain lines elsewhere. */
export function createProgress({
  stream = process.stderr,
  amount = 'usual',
}: ProgressOptions = {}): Progress {
  const spinner = stream.isTTY && amount !== 'quiet' ? createSpinner(stream) : undefined
  let title = ''
  let sinceMs = 0
  let first: { done: number; atMs: number } | undefined
  const write = (text: string): void => {
    const moving = spinner?.isSpinning === true
    if (moving) spinner.stop()
    stream.write(`${text}\n`)
    if (moving) spinner.start()
  }
  const move = (text: string): void => {
    if (spinner === undefined) return
    spinner.text = plainLine(text)
    if (!spinner.isSpinning) spinner.start()
  }
  const begin = (next: string): void => {
    if (next === title) return
    title = next
    sinceMs = performance.now()
    first = undefined
  }
  return {
    line(text) {
      if (amount !== 'quiet') write(typeof text === 'string' ? plainLine(text) : text.rendered)
    },
    problem: (text) => write(plainLine(text)),
    detail(text) {
      if (amount === 'verbose') write(plainLine(text))
    },
    now(text) {
      begin(text)
      move(text)
    },
    count(of, done, { of: total = null, forMs = null, unit = '' } = {}) {
      begin(of)
      const nowMs = performance.now()
      first ??= { done, atMs: nowMs }
      const [made, madeMs] = [done - first.done, nowMs - first.atMs]
      const pace = { done, of: total, made, madeMs, elapsedMs: nowMs - sinceMs, forMs }
      const counted = [`${title}: ${done}`, total === null ? '' : `/${total}`, unit && ` ${unit}`]
      move(`${counted.join('')}${paceInWords(pace)}`)
    },
    end: () => void spinner?.stop(),
  }
}
