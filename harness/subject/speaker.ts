/** How a process that speaks for a subject is started. */
export interface Speaker {
  /** The program and its arguments. */
  command: readonly [string, ...string[]]
  /** The folder that it runs in. */
  cwd: string
  /** All of its environment. */
  environment: Readonly<Record<string, string>>
  /** The descriptor on which it answers: its standard output, or one of its own beside that. */
  answersFd: 1 | 3
}
