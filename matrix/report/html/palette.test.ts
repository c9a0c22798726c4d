import { expect, test } from 'vitest'
import { COLOURS, type Theme } from './palette.ts'

/** As WCAG 2 has it, of `#rrggbb`. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

const TEXTS = ['ink', 'quiet', 'link', 'pass', 'fail', 'unsure'] as const
const MARKS = ['write', 'flush', 'mark', 'o1', 'o2', 'o3', 'o4', 'o5', 'o6'] as const
const THEMES: Theme[] = ['light', 'dark']

test.each(THEMES)('text and marks are told from what they stand on: %s', (theme) => {
  for (const ground of ['ground', 'raised'] as const) {
    const on = (name: keyof typeof COLOURS): number =>
      contrast(COLOURS[name][theme], COLOURS[ground][theme])
    for (const name of TEXTS) expect(on(name), `${name} on ${ground}`).toBeGreaterThanOrEqual(4.5)
    for (const name of MARKS) expect(on(name), `${name} on ${ground}`).toBeGreaterThanOrEqual(3)
  }
})

test('the contrast is that of WCAG 2', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
  expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2)
})
