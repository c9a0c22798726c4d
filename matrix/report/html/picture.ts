import type { VNode } from '../../bundled/markup.ts'
import { type Child, el } from './element.ts'

/** What a picture shows, for who sees it and who does not. */
export interface Picture {
  /** Unique in its page. */
  id: string
  widthUnits: number
  heightUnits: number
  title: string
  /** What can be seen in it, in sentences. */
  description: string
  /** Below it. */
  caption: Child
  key: readonly (readonly [mark: Child, words: string])[]
}

/** A picture as a figure. On a narrow screen it moves within itself, and the page does not. */
export function figure(picture: Picture, ...drawn: Child[]): VNode {
  const { id, widthUnits, heightUnits, title, description, caption, key } = picture
  const svg = el(
    'svg',
    {
      class: 'picture',
      viewBox: `0 0 ${widthUnits} ${heightUnits}`,
      role: 'img',
      'aria-labelledby': `${id}-title ${id}-description`,
    },
    el('title', { id: `${id}-title` }, title),
    el('desc', { id: `${id}-description` }, description),
    drawn,
  )
  return el(
    'figure',
    {},
    el('div', { class: 'wide', role: 'group', tabindex: 0, 'aria-label': title }, svg),
    key.length === 0
      ? null
      : el(
          'ul',
          { class: 'key' },
          key.map(([mark, words]) => el('li', {}, mark, words)),
        ),
    el('figcaption', {}, caption),
  )
}

/** A table that is as wide as it must be, and moves within itself. */
export function wideTable(
  caption: string,
  head: readonly { text: string; number?: boolean }[],
  rows: readonly (readonly Child[])[],
): VNode {
  const cell = (child: Child, at: number): VNode => {
    if (at === 0) return el('th', { scope: 'row' }, child)
    return el('td', { class: head[at]?.number ? 'number' : null }, child)
  }
  return el(
    'div',
    { class: 'wide', role: 'group', tabindex: 0, 'aria-label': caption },
    el(
      'table',
      {},
      el('caption', {}, caption),
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          head.map(({ text, number }) =>
            el('th', { scope: 'col', class: number ? 'number' : null }, text),
          ),
        ),
      ),
      el(
        'tbody',
        {},
        rows.map((row) => el('tr', {}, row.map(cell))),
      ),
    ),
  )
}
