import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-headless-shell', 'chromium-browser', 'google-chrome']

/** A browser that is installed, by its path; null where there is none. `PULLPLUG_CHROMIUM` names another one. */
export function installedChromium(): string | null {
  const named = process.env.PULLPLUG_CHROMIUM
  if (named !== undefined) return named
  const folders = (process.env.PATH ?? '').split(delimiter)
  const paths = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  return paths.find((path) => existsSync(path)) ?? null
}

/** Whether a browser must be there, as in CI, so that its lack fails and skips nothing. */
export const BROWSER_IS_DUE = process.env.PULLPLUG_BROWSER === 'due'

export const NEEDS_BROWSER = 'needs Chromium: apt-get install chromium-headless-shell'
