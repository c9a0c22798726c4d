import ora, { type Ora } from 'ora'

/** Words for people, on stderr: lines that stay, and on a terminal one line that moves. */
export interface Progress {
  /** A line that stays. */
  line(text: string): void
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
  return {
    line(text) {
      const moving = spinner?.isSpinning === true
      if (moving) spinner.stop()
      stream.write(`${text}\n`)
      if (moving) spinner.start()
    },
    now(text) {
      if (spinner === undefined) return
      spinner.text = text
      if (!spinner.isSpinning) spinner.start()
    },
    end() {
      spinner?.stop()
    },
  }
}
