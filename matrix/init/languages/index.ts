import type { Language } from '../language.ts'
import { C } from './c.ts'
import { GO } from './go.ts'
import { JS } from './js.ts'
import { PYTHON } from './python.ts'
import { RUST } from './rust.ts'
import { SHELL } from './shell.ts'
import { TS } from './ts.ts'

/** The languages that an adapter can be written in. */
export const LANGUAGES: readonly Language[] = [JS, TS, PYTHON, C, GO, RUST, SHELL]
