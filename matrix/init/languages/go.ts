import { firstEnding, firstOf, type Language } from '../language.ts'

/** Go. A build constraint keeps the file out of the package that it stands beside. */
export const GO: Language = {
  name: 'go',
  title: 'Go',
  parts: ['go/KIND.go', 'go/protocol.go'],
  sign: (names) => firstOf(names, 'go.mod') ?? firstEnding(names, '.go'),
  layout: () => ({
    adapter: 'pullplug-adapter.go',
    run: { command: ['./pullplug-adapter'] },
    build: 'go build pullplug-adapter.go',
    needs: null,
  }),
}
