import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reportOfEvidence } from './of-evidence.ts'
import { html } from './reporters/html.ts'
import { BROWSER_IS_DUE, installedChromium, NEEDS_BROWSER } from './testing/chromium.ts'
import { folderOfFile, LOST_ITERATION, putFailing } from './testing/reports.ts'

const path = installedChromium()

test.runIf(BROWSER_IS_DUE)(`there is a browser (${NEEDS_BROWSER})`, () => {
  expect(path).not.toBeNull()
})

describe.skipIf(path === null && !BROWSER_IS_DUE)(
  `the page in a browser (${NEEDS_BROWSER})`,
  () => {
    const folder = folderOfFile()
    const file = join(folder.path, 'report.html')
    const url = pathToFileURL(file).href
    let browser: Browser

    beforeAll(async () => {
      writeFileSync(file, html.render(reportOfEvidence(putFailing(join(folder.path, 'evidence')))))
      // Its sandbox wants a user who is not root, and nothing here is from outside.
      const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
      browser = await chromium.launch({ executablePath: path ?? 'chromium', args })
    })
    afterAll(async () => {
      await browser?.close()
      folder.remove()
    })

    /** Opens the page and hands it over with all that it said and asked for. */
    async function open(
      look: { colorScheme?: 'light' | 'dark'; width?: number },
      use: (page: Page, heard: { said: string[]; asked: string[] }) => Promise<void>,
    ): Promise<void> {
      const { colorScheme = 'light', width = 1000 } = look
      const page = await browser.newPage({ colorScheme, viewport: { width, height: 800 } })
      const heard = { said: [] as string[], asked: [] as string[] }
      page.on('console', (message) => heard.said.push(message.text()))
      page.on('pageerror', ({ message }) => heard.said.push(message))
      page.on('request', (request) => heard.asked.push(request.url()))
      await page.goto(url)
      await use(page, heard)
      await page.close()
    }

    const groundOf = (page: Page): Promise<string> =>
      page.evaluate('getComputedStyle(document.body).backgroundColor')

    test('it says nothing on the console, asks for nothing, and its style is let in', async () => {
      await open({}, async (page, { said, asked }) => {
        expect(said).toEqual([])
        expect(asked).toEqual([url])
        expect(await groundOf(page)).toBe('rgb(255, 255, 255)')
      })
    })

    test('its policy lets no script and no request through', async () => {
      await open({}, async (page, { said }) => {
        const refused: unknown[] = []
        page.on('requestfailed', (request) =>
          refused.push([request.url(), request.failure()?.errorText]),
        )
        await page.evaluate(`
        const script = document.createElement('script')
        script.textContent = 'window.pwned = true'
        document.body.append(script)
        const image = document.createElement('img')
        image.src = 'http://127.0.0.1:9/x.png'
        document.body.append(image)`)
        expect(await page.evaluate('window.pwned')).toBeUndefined()
        await expect.poll(() => said.join()).toContain('Content Security Policy')
        expect(refused).toEqual([['http://127.0.0.1:9/x.png', 'csp']])
      })
    })

    test.each(['light', 'dark'] as const)(
      'in %s, nothing hinders who cannot see or use a mouse',
      async (colorScheme) => {
        await open({ colorScheme }, async (page) => {
          expect((await groundOf(page)) === 'rgb(255, 255, 255)').toBe(colorScheme === 'light')
          await page.evaluate(
            "for (const each of document.querySelectorAll('details')) each.open = true",
          )
          await page.evaluate(axe.source)
          const found = (await page.evaluate('axe.run()')) as axe.AxeResults
          expect(
            found.violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]),
          ).toEqual([])
          const passed = found.passes.map(({ id }) => id)
          expect(passed).toContain('color-contrast')
        })
      },
    )

    test('on a phone the page does not move sideways, and its pictures move within themselves', async () => {
      await open({ width: 360 }, async (page) => {
        await page.evaluate(
          "for (const each of document.querySelectorAll('details')) each.open = true",
        )
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
        const moves = `[...document.querySelectorAll('.wide')].some((each) => each.scrollWidth > each.clientWidth)`
        expect(await page.evaluate(moves)).toBe(true)
      })
    })

    test('what failed is seen at once, is linked, and is drawn', async () => {
      await open({}, async (page) => {
        const link = page.getByRole('link', { name: /^hole: / })
        expect(await link.isVisible()).toBe(true)
        await link.click()
        const story = page.locator('details.story:target')
        expect(await story.getByText(LOST_ITERATION).first().isVisible()).toBe(true)
        expect(await page.locator('svg .badmark path').count()).toBe(1 + 1)
        const strip = page.getByRole('img', {
          name: /^Recording of round 1 .* and 1 of them failed by one look at least/,
        })
        expect(await strip.isVisible()).toBe(true)
      })
    })

    test('details open by keyboard', async () => {
      await open({}, async (page) => {
        const details = page.locator('details', { hasText: 'Controls: 7 of 7' }).first()
        expect(await details.getAttribute('open')).toBeNull()
        await details.locator('summary').focus()
        await page.keyboard.press('Enter')
        expect(await details.getByRole('table').isVisible()).toBe(true)
        await page.keyboard.press('Space')
        expect(await details.getAttribute('open')).toBeNull()
      })
    })

    test('on paper, what is folded is printed as well', async () => {
      await open({}, async (page) => {
        await page.emulateMedia({ media: 'print' })
        const table = page.locator('details:not([open]) table').first()
        expect((await table.boundingBox())?.height).toBeGreaterThan(20)
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(1000)
      })
    })
  },
)
