export type Theme = 'light' | 'dark'

/**
 * The colours of a report. Text stands on `ground` or `raised` with a contrast of at least 4.5 to 1, marks with at
 * least 3 to 1, in both themes; nothing is told by colour alone.
 */
export const COLOURS = {
  ground: { light: '#ffffff', dark: '#14171c' },
  raised: { light: '#f7f8fa', dark: '#1b1f26' },
  ink: { light: '#1a1d21', dark: '#e8eaed' },
  quiet: { light: '#565d66', dark: '#a7aeb8' },
  line: { light: '#d5d9df', dark: '#3a414b' },
  link: { light: '#0a58b0', dark: '#7cb5ff' },
  pass: { light: '#11692f', dark: '#5fd38a' },
  fail: { light: '#b3141c', dark: '#ff8a85' },
  unsure: { light: '#855000', dark: '#f0b45a' },
  write: { light: '#6b7480', dark: '#8d97a5' },
  flush: { light: '#0a58b0', dark: '#7cb5ff' },
  mark: { light: '#4d6f96', dark: '#86a8d0' },
  o1: { light: '#4d6f96', dark: '#86a8d0' },
  o2: { light: '#00756b', dark: '#3fc2b4' },
  o3: { light: '#7d5ba6', dark: '#b79ae0' },
  o4: { light: '#7a6a00', dark: '#cdb73d' },
  o5: { light: '#a04a7d', dark: '#e08fbf' },
  o6: { light: '#4f7a1f', dark: '#9cc95f' },
} as const satisfies Record<string, Record<Theme, string>>
