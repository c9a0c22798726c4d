import { firstEnding, firstOf, type Language } from '../language.ts'

/** Python, with its standard library alone. */
export const PYTHON: Language = {
  name: 'python',
  title: 'Python',
  parts: ['python/KIND.py', 'python/protocol.py'],
  sign: (names) =>
    firstOf(names, 'pyproject.toml', 'setup.py', 'setup.cfg', 'requirements.txt', 'Pipfile') ??
    firstEnding(names, '.py'),
  layout: () => ({
    adapter: 'pullplug-adapter.py',
    run: { command: ['python3', 'pullplug-adapter.py'] },
    build: null,
    needs: null,
  }),
}
