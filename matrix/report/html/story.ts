import type { Story } from '../../../harness/story/story.ts'
import type { VNode } from '../../bundled/markup.ts'
import { plainStory } from '../words.ts'
import { type Child, el } from './element.ts'
import { timeline } from './timeline.ts'

function reducedInWords({ reduced }: Story): Child {
  if (reduced === null) return null
  const { from, to, tries } = reduced
  return el(
    'p',
    { class: 'quiet' },
    `Made smaller in ${tries} tries: from ${from.changes} changes and ${from.lost} lost to ${to.changes} and ${to.lost}.`,
  )
}

/** A line of a story begins with its label, in so many characters, unless it goes on with the one above. */
const LABEL_CHARS = 13

/** The lines of a story below its title, but for the last one, as labels and what they say. */
function told(lines: readonly string[]): VNode {
  return el(
    'dl',
    { class: 'facts' },
    lines.slice(1, -1).map((line) => {
      const label = line.slice(0, LABEL_CHARS).trim()
      const words = el('dd', {}, line.slice(LABEL_CHARS))
      return label === '' ? words : [el('dt', {}, label), words]
    }),
  )
}

/** A failure told: what happened in order of time, and the story beside it. `isOpen` is one that stands unfolded. */
export function storyElement(story: Story, id: string, isOpen: boolean): VNode {
  const [failure] = story.failures
  const isUnsure = failure === undefined
  const again = story.count > 1 ? ` (${story.count} alike)` : ''
  const name = isUnsure ? '? not judged' : `✕ ${failure.name}`
  return el(
    'details',
    { class: isUnsure ? 'story unsure' : 'story', id, open: isOpen },
    el(
      'summary',
      {},
      el('span', { class: isUnsure ? 'inconclusive' : 'fail' }, name),
      `: ${story.title}${again}`,
    ),
    el('div', { class: 'told' }, timeline(story.events), told(plainStory(story))),
    el('p', {}, 'Shown again by:'),
    el('pre', { tabindex: 0 }, el('code', {}, story.replay)),
    reducedInWords(story),
  )
}
