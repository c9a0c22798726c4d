import { flag } from './command.ts'

/** Options of every command; `colours.ts` reads them from the command line itself, before anything is said. */
export const EVERYWHERE = {
  color: flag('colours, also where there is no terminal'),
  noColor: flag('no colours'),
}
