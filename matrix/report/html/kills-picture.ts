import { scaleLinear } from '../../bundled/drawing.ts'
import type { VNode } from '../../bundled/markup.ts'
import type { ReportKill } from '../model.ts'
import { el } from './element.ts'
import { keyMark, marks, round } from './marks.ts'
import { figure } from './picture.ts'

const WIDTH = 860
const LEFT = 96
const RIGHT = 16
const LANE_HEIGHT = 46
const PITCH = 7

const MOMENTS: readonly ReportKill['moment'][] = ['before', 'within', 'after', 'between']

/** Kills at one place stand on top of each other, as far as there is room. */
function place(kills: readonly ReportKill[], x: (at: number) => number, y: number) {
  const counts = new Map<number, number>()
  return kills.map((kill) => {
    const above = counts.get(kill.at) ?? 0
    counts.set(kill.at, above + 1)
    return { kill, x: x(kill.at), y: y - (above % 5) * PITCH }
  })
}

/** Where the writer was killed: a mark an iteration, by the number of the operation, and before, within or after it. */
export function killsPicture(kills: readonly ReportKill[], id: string): VNode {
  const lanes = MOMENTS.filter((moment) => kills.some((kill) => kill.moment === moment))
  const most = Math.max(1, ...kills.map(({ at }) => at))
  const x = scaleLinear([0, most], [LEFT + 6, WIDTH - RIGHT])
  const bottom = lanes.length * LANE_HEIGHT + 6
  const laneY = (lane: number): number => (lane + 1) * LANE_HEIGHT - 6
  const placed = lanes.flatMap((moment, lane) =>
    place(
      kills.filter((kill) => kill.moment === moment),
      x,
      laneY(lane),
    ),
  )
  const of = (verdict: ReportKill['verdict']): [number, number][] =>
    placed.filter(({ kill }) => kill.verdict === verdict).map((each) => [each.x, each.y])
  const failed = of('fail').length
  const moments = lanes.includes('between')
  const unit = moments ? 'acknowledgements' : 'operation'
  const sentence = `${kills.length} kills of the writer, ${failed} of which failed`
  return figure(
    {
      id,
      widthUnits: WIDTH,
      heightUnits: bottom + 22,
      title: 'Where it was killed',
      description: `${sentence}, by the number of the ${unit}.`,
      caption: `${sentence}. A mark is an iteration; it stands at the ${moments ? 'number of acknowledgements' : 'operation'} at which its process was killed.`,
      key: [
        [keyMark('prefix', 'mark'), 'passed'],
        [keyMark('cross', 'badmark'), 'failed'],
        [keyMark('plus', 'unsuremark'), 'inconclusive'],
      ],
    },
    marks('prefix', 'mark', of('pass')),
    marks('plus', 'unsuremark', of('inconclusive'), 70),
    marks('cross', 'badmark', of('fail'), 80),
    lanes.map((moment, lane) =>
      el('text', { x: LEFT - 8, y: laneY(lane) + 4, 'text-anchor': 'end' }, moment),
    ),
    el('path', { class: 'axis', d: `M${LEFT} ${bottom}H${WIDTH - RIGHT}` }),
    x
      .ticks(10)
      .filter(Number.isInteger)
      .flatMap((tick) => [
        el('path', { class: 'axis', d: `M${round(x(tick))} ${bottom}v4` }),
        el('text', { x: round(x(tick)), y: bottom + 16, 'text-anchor': 'middle' }, String(tick)),
      ]),
    el('text', { x: LEFT - 8, y: bottom + 16, 'text-anchor': 'end' }, unit),
  )
}
