import { firstEnding, firstOf, type Language } from '../language.ts'

/** C, with libc alone. */
export const C: Language = {
  name: 'c',
  title: 'C',
  parts: ['c/head.c', 'c/KIND.c', 'c/protocol.c'],
  sign(names) {
    const source = firstEnding(names, '.c')
    if (source === undefined) return undefined
    return firstOf(names, 'Makefile', 'CMakeLists.txt', 'meson.build') ?? source
  },
  layout: () => ({
    adapter: 'pullplug-adapter.c',
    run: { command: ['./pullplug-adapter'] },
    build: 'cc -O2 pullplug-adapter.c -o pullplug-adapter',
    needs: null,
  }),
}
