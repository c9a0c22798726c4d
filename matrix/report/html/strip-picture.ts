import { STATE_KINDS, type StateKind } from '../../../harness/crash-states/state.ts'
import type { Strip, StripState } from '../../../harness/crash-states/strip.ts'
import { scaleLinear, scaleSqrt } from '../../bundled/drawing.ts'
import type { VNode } from '../../bundled/markup.ts'
import { type Child, el } from './element.ts'
import { keyMark, marks, round, SHAPE_OF_KIND } from './marks.ts'
import { figure, wideTable } from './picture.ts'

const WIDTH = 860
const LEFT = 96
const RIGHT = 16
const WRITES_AT = 34
const WRITE_HEIGHT = 26
const ACKS_AT = 52
const STATES_AT = 72
/** Between two marks, where there is room. */
const PITCH = 9
const MAX_STATES_HEIGHT = 150
const OUTCOME_COLOURS = 6

/** Where a story of a recording is told. */
export interface StoryLink {
  href: string
  words: string
}

interface Placed {
  state: StripState
  x: number
  y: number
}

/** States that were cut at one position stand side by side before it, and on top of each other. */
function place(states: readonly StripState[], x: (at: number) => number): Placed[] {
  const positions = [...new Set(states.map(({ at }) => at))].sort((a, b) => a - b)
  const groups = positions.map((at, index) => {
    const before = positions[index - 1]
    const roomUnits = before === undefined ? PITCH * 4 : x(at) - x(before)
    const columns = Math.max(1, Math.floor(roomUnits / PITCH))
    return { at, columns, states: states.filter((state) => state.at === at) }
  })
  const rows = Math.max(...groups.map((group) => Math.ceil(group.states.length / group.columns)))
  const pitch = Math.min(PITCH, MAX_STATES_HEIGHT / rows)
  return groups.flatMap((group) =>
    group.states.map((state, index) => ({
      state,
      x: Math.max(LEFT + 4, x(group.at) - (index % group.columns) * PITCH),
      y: STATES_AT + Math.floor(index / group.columns) * pitch,
    })),
  )
}

/** The look of a state that passed: its outcome's colour, where that is known. */
const styleOf = ({ outcome, verdict }: StripState): string =>
  verdict === null
    ? 'untold'
    : outcome === null
      ? 'mark'
      : `o${((outcome - 1) % OUTCOME_COLOURS) + 1}`

function drawStates(placed: readonly Placed[]): Child[] {
  const passed = placed.filter(({ state }) => state.verdict === 'pass' || state.verdict === null)
  const looks = new Map<string, { kind: StateKind; style: string; places: [number, number][] }>()
  for (const { state, x, y } of passed) {
    const style = styleOf(state)
    const look = looks.get(`${state.kind} ${style}`) ?? { kind: state.kind, style, places: [] }
    look.places.push([x, y])
    looks.set(`${state.kind} ${style}`, look)
  }
  const of = (verdict: StripState['verdict']): [number, number][] =>
    placed.filter(({ state }) => state.verdict === verdict).map(({ x, y }) => [x, y])
  return [
    ...[...looks.values()].map(({ kind, style, places }) =>
      marks(SHAPE_OF_KIND[kind], style, places),
    ),
    marks('plus', 'unsuremark', of('inconclusive'), 70),
    marks('cross', 'badmark', of('fail'), 80),
  ]
}

const rowLabel = (text: string, y: number): Child =>
  el('text', { x: LEFT - 8, y, 'text-anchor': 'end' }, text)

function tableOf({ round: number, states }: Strip): VNode {
  const rows = STATE_KINDS.map((kind) => {
    const ofKind = states.filter((state) => state.kind === kind)
    const count = (verdict: StripState['verdict']): number =>
      ofKind.filter((state) => state.verdict === verdict).length
    return [kind, ofKind.length, count('fail'), count('inconclusive')]
  })
  return wideTable(
    `States of round ${number} that were tried, by how they came to be`,
    [
      { text: 'kind' },
      { text: 'tried', number: true },
      { text: 'failed', number: true },
      { text: 'not judged', number: true },
    ],
    rows,
  )
}

function sentenceOf(recording: Strip): string {
  const { writes, flushes, acknowledged, tried, states, contents } = recording
  const failed = states.filter(({ verdict }) => verdict === 'fail').length
  const untold = states.some(({ verdict }) => verdict === null)
  const told = untold
    ? `of ${failed} of them it is told that they failed, and of the others only how many did`
    : failed === 0
      ? 'none of them failed'
      : `${failed} of them failed by one look at least`
  return `${writes.length} writes and ${flushes.length} flushes, ${acknowledged.length} acknowledgements; ${tried} states were tried, showed ${contents} different contents, and ${told}`
}

/**
 * A strip: time runs along it in requests to the disk; above are writes, flushes and acknowledgements, below each
 * state that was tried, where the power was cut. `links` lead to the stories that are told of it.
 */
export function stripPicture(recording: Strip, id: string, links: readonly StoryLink[]): VNode {
  const { from, to, writes, flushes, acknowledged, states } = recording
  const x = scaleLinear([from, Math.max(to, from + 1)], [LEFT, WIDTH - RIGHT])
  const largest = Math.max(1, ...writes.map(({ sizeBytes }) => sizeBytes))
  const height = scaleSqrt([0, largest], [3, WRITE_HEIGHT])
  const placed = place(states, x)
  const bottom = Math.max(STATES_AT, ...placed.map(({ y }) => y)) + 14
  const path = (lines: readonly string[]): string => lines.join('')
  const known = states.some(({ outcome }) => outcome !== null)
  const sentence = sentenceOf(recording)
  return el(
    'div',
    {},
    figure(
      {
        id,
        widthUnits: WIDTH,
        heightUnits: bottom + 22,
        title: `Recording of round ${recording.round}`,
        description: `Time runs from left to right, in requests to the disk. ${sentence}.`,
        caption: [
          `Round ${recording.round}: ${sentence}.`,
          states.length < recording.tried ? ` ${states.length} of them are drawn.` : '',
          known
            ? ' Marks of two colours showed two contents; of more than six contents, some share a colour.'
            : ' Which state showed which content is not known.',
          links.map(({ href, words }): Child => [' ', el('a', { href }, words)]),
        ],
        key: [
          ...STATE_KINDS.map((kind) => [keyMark(SHAPE_OF_KIND[kind], 'mark'), kind] as const),
          [keyMark('cross', 'badmark'), 'failed'],
          [keyMark('plus', 'unsuremark'), 'not judged'],
          ...(states.some(({ verdict }) => verdict === null)
            ? [[keyMark('prefix', 'untold'), 'not told one by one'] as const]
            : []),
        ],
      },
      el('path', {
        class: 'flush',
        d: path(flushes.map((at) => `M${round(x(at))} 6V${bottom}`)),
      }),
      el('path', {
        class: 'write',
        d: path(
          writes.map(
            ({ at, sizeBytes }) => `M${round(x(at))} ${WRITES_AT}v${-round(height(sizeBytes))}`,
          ),
        ),
      }),
      marks(
        'subset',
        'ack',
        acknowledged.map((at) => [x(at), ACKS_AT]),
        44,
      ),
      drawStates(placed),
      el('path', { class: 'axis', d: `M${LEFT} ${bottom}H${WIDTH - RIGHT}` }),
      x
        .ticks(10)
        .filter(Number.isInteger)
        .flatMap((tick) => [
          el('path', { class: 'axis', d: `M${round(x(tick))} ${bottom}v4` }),
          el('text', { x: round(x(tick)), y: bottom + 16, 'text-anchor': 'middle' }, String(tick)),
        ]),
      rowLabel('writes', WRITES_AT - 4),
      rowLabel('(dashed: flush)', WRITES_AT + 8),
      rowLabel('acknowledged', ACKS_AT + 4),
      rowLabel('states tried', STATES_AT + 4),
      rowLabel('request', bottom + 16),
    ),
    el('details', {}, el('summary', {}, `Round ${recording.round} as a table`), tableOf(recording)),
  )
}
