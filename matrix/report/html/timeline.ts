import type { StoryEvent } from '../../../harness/story/story.ts'
import type { VNode } from '../../bundled/markup.ts'
import { el } from './element.ts'
import { mark, type Shape } from './marks.ts'

/** A shape a kind, so that none is told by its colour. */
const SHAPES: Record<StoryEvent['kind'], Shape> = {
  change: 'prefix',
  acknowledged: 'subset',
  operation: 'only-one',
  write: 'only-one',
  flush: 'all-but-one',
  fault: 'torn',
  recovery: 'plus',
}

const KINDS: Record<StoryEvent['kind'], string> = {
  change: 'asked',
  acknowledged: 'acknowledged',
  operation: 'operation',
  write: 'write',
  flush: 'flush',
  fault: 'fault',
  recovery: 'recovery',
}

function look({ kind, became }: StoryEvent): string {
  if (kind === 'fault' || became !== 'done') return 'event bad'
  return kind === 'acknowledged' ? 'event good' : 'event'
}

function itemOf(event: StoryEvent): VNode {
  const { kind, what, became } = event
  return el(
    'li',
    {},
    el(
      'svg',
      { viewBox: '-10 -10 20 20', 'aria-hidden': 'true', focusable: 'false' },
      mark(SHAPES[kind], look(event), 0, 0, 130),
    ),
    // A flush says no more than that it was one.
    kind === 'flush' ? null : el('span', { class: 'quiet' }, `${KINDS[kind]}: `),
    what,
    became === 'done' || kind === 'fault' || kind === 'recovery'
      ? null
      : [' ', el('span', { class: 'became fail' }, `(${became})`)],
  )
}

/** What happened, in the order of time. */
export const timeline = (events: readonly StoryEvent[]): VNode =>
  el('ol', { class: 'timeline' }, events.map(itemOf))
