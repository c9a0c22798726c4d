import type { VNode } from '../../bundled/markup.ts'
import type { ReportCell } from '../model.ts'
import { nameOfCell } from '../words.ts'
import { type Child, el } from './element.ts'
import { verdictElement } from './verdict.ts'

/** The fragment at which a cell's section stands. */
export const idOfCell = (cells: readonly ReportCell[], cell: ReportCell): string =>
  `cell-${cells.indexOf(cell) + 1}`

function contentOf(cells: readonly ReportCell[], cell: ReportCell | undefined): Child {
  if (cell === undefined) return el('span', { class: 'quiet' }, 'no such cell')
  const status = el('span', { class: 'quiet' }, cell.status)
  if (cell.runs.length === 0) return [verdictElement('absent'), el('br', {}), status]
  const count = `${cell.runs.length} ${cell.runs.length === 1 ? 'run' : 'runs'}`
  return [
    verdictElement(cell.verdict),
    el('br', {}),
    el(
      'a',
      { href: `#${idOfCell(cells, cell)}`, 'aria-label': `${count} of ${nameOfCell(cell)}` },
      count,
    ),
    ' ',
    status,
  ]
}

/** A row an architecture, a column a file system. */
export function grid(cells: readonly ReportCell[]): VNode {
  const arches = [...new Set(cells.map(({ arch }) => arch))]
  const fileSystems = [...new Set(cells.map(({ fileSystem }) => fileSystem))]
  const caption = 'What each cell came to'
  return el(
    'div',
    { class: 'wide', role: 'group', tabindex: 0, 'aria-label': caption },
    el(
      'table',
      { class: 'grid' },
      el('caption', {}, caption),
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          el('th', { scope: 'col' }, 'architecture'),
          fileSystems.map((name) => el('th', { scope: 'col' }, name)),
        ),
      ),
      el(
        'tbody',
        {},
        arches.map((arch) =>
          el(
            'tr',
            {},
            el('th', { scope: 'row' }, arch),
            fileSystems.map((fileSystem) =>
              el(
                'td',
                {},
                contentOf(
                  cells,
                  cells.find((cell) => cell.arch === arch && cell.fileSystem === fileSystem),
                ),
              ),
            ),
          ),
        ),
      ),
    ),
  )
}
