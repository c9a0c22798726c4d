import { answer } from '../answer.ts'
import { EXIT } from '../exit-code.ts'
import { runInit } from '../init/init.ts'
import { KINDS } from '../init/language.ts'
import { LANGUAGES } from '../init/languages/index.ts'
import { command, value } from './command.ts'
import { oneOf } from './values.ts'

const LANGUAGE_NAMES = LANGUAGES.map(({ name }) => name)

/** `pullplug init [FOLDER]`. */
export const init = command({
  options: {
    language: value(
      oneOf(LANGUAGE_NAMES, 'language'),
      `${LANGUAGE_NAMES.join(', ')}; what the folder is of unless given`,
    ),
    kind: value(oneOf(KINDS, 'kind'), `${KINDS.join(', ')}; store unless given`),
    name: value((text) => text, 'that of the package or of the folder unless given'),
  },
  notes:
    'It writes pullplug.json and an adapter that works as it stands, and changes nothing that is there.',
  examples: [
    ['pullplug init'],
    ['pullplug init --language c --kind log'],
    ['pullplug init --name my-store packages/store'],
  ],
  makesThings: false,
  async run({ language, kind, name }, [folder = '.']) {
    const given = {
      ...(language === undefined ? {} : { language }),
      ...(kind === undefined ? {} : { kind }),
      ...(name === undefined ? {} : { name }),
    }
    await answer(runInit({ folder, ...given }))
    return EXIT.pass
  },
})
