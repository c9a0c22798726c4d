import { answer } from '../answer.ts'
import { EXIT } from '../exit-code.ts'
import { shown } from '../shown.ts'
import { command } from './command.ts'
import { parser } from './parser.ts'
import { UsageError } from './usage-error.ts'

const SHELLS = ['bash', 'zsh'] as const
type Shell = (typeof SHELLS)[number]

/** The shell that a user has; bash where it is none of those that are known. */
const usualShell = (): Shell => (process.env.SHELL?.endsWith('/zsh') ? 'zsh' : 'bash')

/** The script of yargs for a shell; in zsh, where nothing else is meant, files are. */
function scriptFor(shell: Shell): string {
  // By these it chooses between its two scripts.
  process.env.SHELL = shell
  delete process.env.ZSH_NAME
  const said: string[] = []
  const { log } = console
  console.log = (text: string) => void said.push(text)
  try {
    parser([]).showCompletionScript()
  } finally {
    console.log = log
  }
  const describe = "  _describe 'values' reply"
  return said.join('\n').trimEnd().replace(describe, `${describe} || _files`)
}

/** `pullplug completion [SHELL]`. */
export const completion = command({
  options: {},
  notes: `[shell] is ${SHELLS.join(' or ')}; yours unless given. A new shell completes: commands, options, and what an option takes where that can be named (tiers, file systems, architectures, controls). It is for a pullplug that is found by its name.`,
  examples: [
    ['pullplug completion >> ~/.bashrc', 'bash'],
    ['pullplug completion zsh >> ~/.zshrc', 'zsh'],
  ],
  makesThings: false,
  async run(_, [name]) {
    const shell = name === undefined ? usualShell() : SHELLS.find((each) => each === name)
    if (shell === undefined) {
      throw new UsageError(
        `${shown(name ?? '')} is no shell with a script; there are ${SHELLS.join(', ')}`,
      )
    }
    await answer({ rendered: scriptFor(shell) })
    return EXIT.pass
  },
})
