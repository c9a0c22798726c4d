import { createHash } from 'node:crypto'
import type { VNode } from '../../bundled/markup.ts'
import type { ReportCell, ReportModel, ReportRun } from '../model.ts'
import { durationInWords, nameOfCell, VERDICT_WORDS, verdictInWords } from '../words.ts'
import { type Child, el, htmlOf } from './element.ts'
import { grid, idOfCell } from './grid.ts'
import { idOfStory, stepElement, stepsTable } from './step.ts'
import { STYLE } from './style.ts'
import { verdictElement } from './verdict.ts'

function factsOf({ facts, durationMs }: ReportRun): VNode {
  const all = [...facts, { name: 'time', value: durationInWords(durationMs) }]
  return el(
    'dl',
    { class: 'facts' },
    all.map(({ name, value }) => [el('dt', {}, name), el('dd', {}, value)]),
  )
}

function runElement(run: ReportRun, cell: string, id: string): VNode {
  const { name, problem, verdict, steps } = run
  const heading = el('h3', {}, `${name} `, verdictElement(verdict))
  if (problem !== null) {
    return el(
      'section',
      { class: 'alarm' },
      heading,
      el('p', {}, 'Nothing that this run says is shown, since it can’t be believed:'),
      el('p', {}, problem),
    )
  }
  return el(
    'section',
    {},
    heading,
    factsOf(run),
    stepsTable(steps, `${cell} ${name}`),
    steps.map((step, at) => stepElement(step, `${id}-step-${at + 1}`)),
  )
}

function cellElement(cells: readonly ReportCell[], cell: ReportCell): Child {
  if (cell.runs.length === 0) return null
  const id = idOfCell(cells, cell)
  const name = nameOfCell(cell)
  return el(
    'section',
    { 'aria-labelledby': id },
    el('h2', { id, tabindex: -1 }, `${name} `, verdictElement(cell.verdict)),
    cell.runs.map((run, at) => runElement(run, name, `${id}-run-${at + 1}`)),
  )
}

function problemsElement(problems: readonly string[]): Child {
  if (problems.length === 0) return null
  return el(
    'section',
    { class: 'alarm', 'aria-labelledby': 'problems' },
    el('h2', { id: 'problems' }, 'What is wrong with the evidence'),
    el(
      'ul',
      {},
      problems.map((problem) => el('li', {}, problem)),
    ),
  )
}

/** Every story by its title, with the place at which it is told. */
function failuresElement(cells: readonly ReportCell[]): Child {
  const links = cells.flatMap((cell) =>
    cell.runs.flatMap((run, runAt) =>
      run.steps.flatMap((step, stepAt) =>
        step.stories.map((story, storyAt) => {
          const id = `${idOfCell(cells, cell)}-run-${runAt + 1}-step-${stepAt + 1}`
          const words = `${story.failures[0]?.name ?? 'not judged'}: ${story.title}`
          return el(
            'li',
            {},
            `${nameOfCell(cell)} ${run.name} ${step.name}: `,
            el('a', { href: `#${idOfStory(id, storyAt)}` }, words),
          )
        }),
      ),
    ),
  )
  if (links.length === 0) return null
  const heading = el('h2', { id: 'failures' }, 'What did not pass')
  return el('section', { 'aria-labelledby': 'failures' }, heading, el('ul', {}, links))
}

/** How many runs can't be believed, where that must be said before anything else. */
function invalidElement(cells: readonly ReportCell[]): Child {
  const runs = cells.flatMap((cell) => cell.runs).filter(({ problem }) => problem !== null)
  if (runs.length === 0) return null
  return el(
    'p',
    { class: 'alarm', role: 'note' },
    `${runs.length} ${runs.length === 1 ? 'run is' : 'runs are'} not what a run of Pullplug leaves: altered, cut short, or written by something else.`,
  )
}

/** What the legend of the grid can't say. */
const ABOUT =
  'A cell is an architecture and a file system. Kill: a real SIGKILL at an operation. Power cut: what the file system had sent to its disk is recorded, and each state that the disk could have been left in is mounted and judged. Io-error: the disk says no.'

function bodyOf(model: ReportModel): VNode {
  const { cells, problems, verdict, tool } = model
  return el(
    'body',
    {},
    el('a', { class: 'skip', href: '#cells' }, 'Skip to the cells'),
    el(
      'header',
      {},
      el('h1', {}, 'Pullplug ', verdictElement(verdict)),
      el('p', { class: 'lede' }, verdictInWords(model)),
      el('p', { class: 'quiet' }, ABOUT),
    ),
    el(
      'main',
      { id: 'cells', tabindex: -1 },
      invalidElement(cells),
      problemsElement(problems),
      grid(cells),
      failuresElement(cells),
      cells.map((cell) => cellElement(cells, cell)),
    ),
    el(
      'footer',
      {},
      `Written by ${tool.name} ${tool.version}, from what the runs left. It loads nothing.`,
    ),
  )
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64')

/** A report as one page of HTML that loads nothing and runs nothing, and says so to the browser. */
export function pageOf(model: ReportModel): string {
  const title = `Pullplug: ${VERDICT_WORDS[model.verdict]}`
  const policy = `default-src 'none'; style-src 'sha256-${hashOf(STYLE)}'; base-uri 'none'; form-action 'none'`
  // The style is ours, and is not made plain as what came from outside is.
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    htmlOf(el('title', {}, title)),
    `<style>${STYLE}</style>`,
    '</head>',
    htmlOf(bodyOf(model)),
    '</html>',
    '',
  ].join('\n')
}
