import type { TableConstructorOptions } from './bundled/table.ts'

const NONE = ''

/** A table of columns without lines, so that it can be read, grepped and pasted. */
export const PLAIN_TABLE: TableConstructorOptions = {
  chars: {
    top: NONE,
    'top-mid': NONE,
    'top-left': NONE,
    'top-right': NONE,
    bottom: NONE,
    'bottom-mid': NONE,
    'bottom-left': NONE,
    'bottom-right': NONE,
    left: NONE,
    'left-mid': NONE,
    mid: NONE,
    'mid-mid': NONE,
    right: NONE,
    'right-mid': NONE,
    middle: '  ',
  },
  style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
}
