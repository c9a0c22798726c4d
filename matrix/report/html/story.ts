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

/** A failure told: what happened in order of time, and the story beside it. `isOpen` is one that stands unfolded. */
export function storyElement(story: Story, id: string, isOpen: boolean): VNode {
  const [failure] = story.failures
  // The last line is the command, which stands alone, so that it can be copied.
  const lines = plainStory(story)
  const name = failure?.name ?? 'not judged'
  const again = story.count > 1 ? ` (${story.count} alike)` : ''
  return el(
    'details',
    {
      class: failure === undefined ? 'story unsure' : 'story',
      id,
      open: isOpen,
    },
    el(
      'summary',
      {},
      el(
        'span',
        { class: failure === undefined ? 'inconclusive' : 'fail' },
        `${failure === undefined ? '?' : '✕'} ${name}`,
      ),
      `: ${story.title}${again}`,
    ),
    timeline(story.events),
    el(
      'pre',
      { tabindex: 0 },
      lines.slice(1, -1).map((line) => el('span', { class: 'line' }, line)),
    ),
    el('p', {}, 'Shown again by:'),
    el('pre', { tabindex: 0 }, el('code', {}, story.replay)),
    reducedInWords(story),
  )
}
