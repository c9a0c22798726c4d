import { firstEnding, type Language } from '../language.ts'

/** The shell, for what is only a program on the command line. */
export const SHELL: Language = {
  name: 'shell',
  title: 'shell',
  parts: ['shell/KIND.sh', 'shell/protocol.sh'],
  sign: (names) => firstEnding(names, '.sh'),
  layout: () => ({
    adapter: 'pullplug-adapter.sh',
    run: { command: ['sh', 'pullplug-adapter.sh'] },
    build: null,
    needs: 'jq',
  }),
}
