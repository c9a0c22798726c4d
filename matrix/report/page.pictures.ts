import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { execa } from 'execa'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installedChromium, NEEDS_BROWSER } from './testing/chromium.ts'
import { folderOfFile } from './testing/reports.ts'

/** Makes the pictures of `docs/reports.md` again, of a control that a power cut shows, and of a log that syncs nothing. */

const CLI = join(process.cwd(), 'dist', 'matrix', 'cli.js')
const PICTURES = join(process.cwd(), 'docs', 'pictures')
const MAX_BYTES = 150 * 1024
const RUN = ['--fs', 'ext4,xfs', '--seed', '42', '--iterations', '20', '--states', '200']

/** The page of a matrix, and the one of a test. */
const [MATRIX, TEST] = ['matrix.html', 'test.html']

const folder = folderOfFile()

const pullplug = (...args: string[]) =>
  execa(process.execPath, [CLI, ...args], { cwd: folder.path, reject: false, stderr: 'inherit' })

let browser: Browser

beforeAll(async () => {
  const args = ['matrix', ...RUN, '--error-cases', '40', '--subject', 'safe-point-before-sync']
  await pullplug(...args, '--reporter', `html=${MATRIX}`)
  await pullplug('init', '--language', 'js', '--kind', 'log', '--name', 'unsynced', '.')
  const adapter = join(folder.path, 'pullplug-adapter.mjs')
  writeFileSync(adapter, readFileSync(adapter, 'utf8').replaceAll('fs.fsyncSync(', 'void ('))
  const how = ['--tier', 'power-cut', '--fs', 'ext4', '--seconds', '15', '--seed', '1']
  await pullplug('test', '.', ...how, '--reporter', `html=${TEST}`)
  const executablePath = installedChromium()
  if (executablePath === null) throw new Error(NEEDS_BROWSER)
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  mkdirSync(PICTURES, { recursive: true })
})
afterAll(async () => {
  await browser?.close()
  folder.remove()
})

async function open(
  width: number,
  colorScheme: 'light' | 'dark',
  page: string = MATRIX,
): Promise<Page> {
  // A story is long.
  const deviceScaleFactor = page === TEST ? 0.9 : 1
  const opened = await browser.newPage({
    colorScheme,
    viewport: { width, height: 640 },
    deviceScaleFactor,
  })
  await opened.goto(pathToFileURL(join(folder.path, page)).href)
  return opened
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
  await take((await open(900, 'light', TEST)).locator('details.story').first(), 'story')
})

test('a strip', async () => {
  const strip = (await open(900, 'dark')).locator('figure', { hasText: 'Round 1:' }).first()
  await take(strip, 'strip-dark')
})

test('a phone', async () => {
  await take(await open(360, 'light'), 'phone')
})
