import { firstOf, type Language } from '../language.ts'

/** A dependency in the text of a package.json. */
const TYPESCRIPT = /"typescript"\s*:/

/** The first version whose compiler refuses files on its command line beside a tsconfig.json. */
const WANTS_IGNORE_CONFIG = 6

function majorOf(manifest: string): number {
  const version = /"version"\s*:\s*"(\d+)\./.exec(manifest)?.[1]
  return version === undefined ? WANTS_IGNORE_CONFIG : Number(version)
}

/** TypeScript: what is run is the compiled module, since Node 20 strips no types. */
export const TS: Language = {
  name: 'ts',
  title: 'TypeScript',
  parts: ['ts/KIND.mts'],
  sign(names, read) {
    if (TYPESCRIPT.test(read('package.json'))) return 'package.json'
    return firstOf(names, 'tsconfig.json')
  },
  layout(names, read) {
    const hasConfig = names.has('tsconfig.json')
    const major = majorOf(read('node_modules/typescript/package.json'))
    const ignore = hasConfig && major >= WANTS_IGNORE_CONFIG ? ' --ignoreConfig' : ''
    return {
      adapter: 'pullplug-adapter.mts',
      run: { module: './pullplug-adapter.mjs' },
      build: `npx tsc pullplug-adapter.mts --module nodenext --target es2022 --types node${ignore}`,
      needs: 'the packages typescript and @types/node',
    }
  },
}
