import ora, { type Ora } from 'ora'
import { plainLine } from '../harness/text/shown.ts'

/** Words for people, on stderr: lines that stay, and on a terminal one line that moves. */
export interface Progress {
  /** A line that stays, made plain; or what was rendered with colours, of which all from outside was. */
  line(text: string | { rendered: string }): void
  /** What is going on now; only a terminal shows it. */
  now(text: string): void
  /** Takes the moving line away. */
  end(): void
}

/** Progress as stderr can show it: a spinner on a terminal, plain lines elsewhere. */
export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const spinner: Ora | undefined = stream.isTTY
    ? ora({ stream, discardStdin: false, indent: 2 })
    : undefined
  const write = (text: string): void => {
    const moving = spinner?.isSpinning === true
    if (moving) spinner.stop()
    stream.write(`${text}\n`)
    if (moving) spinner.start()
  }
  return {
    line: (text) => write(typeof text === 'string' ? plainLine(text) : text.rendered),
    now(text) {
      if (spinner === undefined) return
      spinner.text = plainLine(text)
      if (!spinner.isSpinning) spinner.start()
    },
    end() {
      spinner?.stop()
    },
  }
}
