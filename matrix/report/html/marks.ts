import type { StateKind } from '../../../harness/crash-states/state.ts'
import {
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTimes,
  symbolTriangle,
} from '../../bundled/drawing.ts'
import { type Child, el } from './element.ts'

/** The area of a mark, in square units of a picture. */
const AREA = 34

const SHAPES = {
  prefix: symbolCircle,
  'only-one': symbolSquare,
  'all-but-one': symbolDiamond,
  subset: symbolTriangle,
  torn: symbolStar,
  cross: symbolTimes,
  plus: symbolCross,
} as const

export type Shape = keyof typeof SHAPES

/** The kinds of states have a shape each, so that none is told by its colour. */
export const SHAPE_OF_KIND: Record<StateKind, Shape> = {
  prefix: 'prefix',
  'only-one': 'only-one',
  'all-but-one': 'all-but-one',
  subset: 'subset',
  torn: 'torn',
}

/** A mark at a place of a picture. */
export function mark(shape: Shape, style: string, x: number, y: number, area = AREA): Child {
  const d = symbol(SHAPES[shape], area)() ?? ''
  return el('path', { d, class: style, transform: `translate(${round(x)},${round(y)})` })
}

/** Many marks of one look as one path, each at its place. */
export function marks(
  shape: Shape,
  style: string,
  places: readonly (readonly [x: number, y: number])[],
  area = AREA,
): Child {
  if (places.length === 0) return null
  const d = symbol(SHAPES[shape], area)() ?? ''
  return el(
    'g',
    { class: style },
    places.map(([x, y]) => el('path', { d, transform: `translate(${round(x)},${round(y)})` })),
  )
}

/** A mark in a line of text, as in a key. */
export function keyMark(shape: Shape, style: string): Child {
  return el(
    'svg',
    { viewBox: '-7 -7 14 14', 'aria-hidden': 'true', focusable: 'false' },
    mark(shape, style, 0, 0, 60),
  )
}

/** A coordinate as a picture has it. */
export const round = (value: number): number => Math.round(value * 10) / 10
