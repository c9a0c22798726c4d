import { firstEnding, firstOf, type Language } from '../language.ts'
import { TS } from './ts.ts'

/** JavaScript: a module, which needs no build in any project. */
export const JS: Language = {
  name: 'js',
  title: 'JavaScript',
  parts: ['js/KIND.mjs'],
  sign(names, read) {
    if (TS.sign(names, read) !== undefined) return undefined
    return firstOf(names, 'package.json') ?? firstEnding(names, '.js', '.mjs', '.cjs')
  },
  layout: () => ({
    adapter: 'pullplug-adapter.mjs',
    run: { module: './pullplug-adapter.mjs' },
    build: null,
    needs: null,
  }),
}
