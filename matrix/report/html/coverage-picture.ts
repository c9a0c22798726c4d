import { curveStepAfter, line, scaleLinear } from '../../bundled/drawing.ts'
import type { VNode } from '../../bundled/markup.ts'
import type { ReportCoverage } from '../model.ts'
import { el } from './element.ts'
import { marks, round } from './marks.ts'
import { figure } from './picture.ts'

const WIDTH = 860
const HEIGHT = 190
const LEFT = 56
const RIGHT = 24
const TOP = 12
const BOTTOM = 40

/** How many distinct outcomes had been seen by when: a line that no longer rises says that more would show little. */
export function coveragePicture({ of, points }: ReportCoverage, id: string): VNode {
  const last = points.at(-1) ?? { tried: 1, distinct: 1 }
  const x = scaleLinear([0, Math.max(1, last.tried)], [LEFT, WIDTH - RIGHT])
  const y = scaleLinear([0, Math.max(1, last.distinct)], [HEIGHT - BOTTOM, TOP])
  const curve = line<ReportCoverage['points'][number]>(
    ({ tried }) => round(x(tried)),
    ({ distinct }) => round(y(distinct)),
  ).curve(curveStepAfter)
  const sentence = `${last.distinct} distinct outcomes in ${last.tried} cases`
  const halfway = points.findLast(({ tried }) => tried <= last.tried / 2)
  return figure(
    {
      id,
      widthUnits: WIDTH,
      heightUnits: HEIGHT,
      title: 'Distinct outcomes against cases tried',
      description: `${sentence}; ${halfway?.distinct ?? 0} of them by the first half of the cases.`,
      caption: `${sentence} (${of}); ${halfway?.distinct ?? 0} of them by the first half.`,
      key: [],
    },
    el('path', { class: 'axis', d: `M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}` }),
    el('path', { class: 'curve', d: curve(points) ?? '' }),
    marks(
      'prefix',
      'dot',
      points.length > 80 ? [] : points.map(({ tried, distinct }) => [x(tried), y(distinct)]),
      20,
    ),
    x
      .ticks(8)
      .filter(Number.isInteger)
      .map((tick) =>
        el(
          'text',
          { x: round(x(tick)), y: HEIGHT - BOTTOM + 15, 'text-anchor': 'middle' },
          String(tick),
        ),
      ),
    y
      .ticks(4)
      .filter(Number.isInteger)
      .map((tick) =>
        el('text', { x: LEFT - 6, y: round(y(tick)) + 4, 'text-anchor': 'end' }, String(tick)),
      ),
    el('text', { x: WIDTH - RIGHT, y: HEIGHT - 6, 'text-anchor': 'end' }, 'cases tried'),
  )
}
