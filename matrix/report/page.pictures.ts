import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { execa } from 'execa'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installedChromium, NEEDS_BROWSER } from './testing/chromium.ts'
import { folderOfFile } from './testing/reports.ts'

/** Makes the pictures of `docs/reports.md` again, of a control that a power cut shows. */

const CLI = join(process.cwd(), 'dist', 'matrix', 'cli.js')
const PICTURES = join(process.cwd(), 'docs', 'pictures')
const MAX_BYTES = 150 * 1024
const RUN = ['--fs', 'ext4', '--seed', '42', '--iterations', '20', '--states', '200']

const folder = folderOfFile()
let browser: Browser

beforeAll(async () => {
  const args = ['matrix', ...RUN, '--error-cases', '40', '--subject', 'safe-point-before-sync']
  await execa(process.execPath, [CLI, ...args, '--reporter', 'html=report.html'], {
    cwd: folder.path,
    reject: false,
    stderr: 'inherit',
  })
  const executablePath = installedChromium()
  if (executablePath === null) throw new Error(NEEDS_BROWSER)
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  mkdirSync(PICTURES, { recursive: true })
})
afterAll(async () => {
  await browser?.close()
  folder.remove()
})

async function open(width: number, colorScheme: 'light' | 'dark'): Promise<Page> {
  const page = await browser.newPage({ colorScheme, viewport: { width, height: 640 } })
  await page.goto(pathToFileURL(join(folder.path, 'report.html')).href)
  return page
}

async function take(what: Page | Locator, name: string): Promise<void> {
  const path = join(PICTURES, `report-${name}.png`)
  await what.screenshot({ path })
  expect(statSync(path).size).toBeLessThanOrEqual(MAX_BYTES)
}

test('the top of the page', async () => {
  await take(await open(900, 'light'), 'light')
})

test('a story', async () => {
  await take((await open(900, 'light')).locator('details.story').first(), 'story')
})

test('a strip', async () => {
  const strip = (await open(900, 'dark')).locator('figure', { hasText: 'Round 1:' }).first()
  await take(strip, 'strip-dark')
})

test('a phone', async () => {
  await take(await open(360, 'light'), 'phone')
})
