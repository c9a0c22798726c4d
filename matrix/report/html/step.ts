import type { Story } from '../../../harness/story/story.ts'
import type { VNode } from '../../bundled/markup.ts'
import type { ReportErrors, ReportStep } from '../model.ts'
import { durationInWords } from '../words.ts'
import { coveragePicture } from './coverage-picture.ts'
import { type Child, el } from './element.ts'
import { killsPicture } from './kills-picture.ts'
import { wideTable } from './picture.ts'
import { storyElement } from './story.ts'
import { type StoryLink, stripPicture } from './strip-picture.ts'
import { verdictElement } from './verdict.ts'

function controlsTable({ name, controls }: ReportStep): Child {
  if (controls.length === 0) return null
  const cameOf = ({ due, caught }: ReportStep['controls'][number]): Child => {
    if (caught) return el('span', { class: 'pass' }, '✓ caught')
    return due ? el('span', { class: 'fail' }, '✕ missed') : 'not asked for'
  }
  const due = controls.filter((control) => control.due)
  const caught = due.filter((control) => control.caught).length
  return el(
    'details',
    {},
    el(
      'summary',
      {},
      due.length === 0
        ? 'Controls: none had to be caught'
        : `Controls: ${caught} of ${due.length} that had to be caught were`,
    ),
    wideTable(
      `Controls of ${name}: broken on purpose, so that a pass means something`,
      [{ text: 'control' }, { text: 'came to' }, { text: 'what is broken' }, { text: 'how' }],
      controls.map((control) => [control.name, cameOf(control), control.defect, control.how ?? '']),
    ),
  )
}

function errorsTable({ name, errors }: ReportStep): Child {
  if (errors.length === 0) return null
  const kinds = [...new Set(errors.map(({ error }) => error))]
  const operations = [...new Set(errors.map(({ operation }) => operation))]
  const cell = (found: ReportErrors | undefined): Child => {
    if (found === undefined) return el('span', { class: 'quiet' }, '–')
    const { cases, failed, inconclusive } = found
    if (failed > 0) return el('span', { class: 'fail' }, `✕ ${failed} of ${cases} failed`)
    return inconclusive > 0
      ? el('span', { class: 'inconclusive' }, `? ${inconclusive} of ${cases} not judged`)
      : el('span', { class: 'pass' }, `✓ ${cases}`)
  }
  return wideTable(
    `Errors of ${name}: an operation a row, an error a column, and how many cases were made of it`,
    [{ text: 'operation' }, ...kinds.map((text) => ({ text }))],
    operations.map((operation) => [
      operation,
      ...kinds.map((kind) =>
        cell(errors.find((each) => each.operation === operation && each.error === kind)),
      ),
    ]),
  )
}

function triedInWords({ cases, figures, verdict }: ReportStep): string {
  if (verdict === 'skipped') return 'nothing'
  return cases === null ? figures : `${cases.tried} cases`
}

function seenInWords({ cases, figures, verdict }: ReportStep): string {
  if (cases === null || verdict === 'skipped') return verdict === 'pass' ? 'nothing wrong' : ''
  const { failed, inconclusive } = cases
  const unsure = inconclusive === 0 ? '' : `, ${inconclusive} without a verdict`
  return `${failed} failed${unsure} (${figures})`
}

/** What each step of a run tried, and what was seen. */
export function stepsTable(steps: readonly ReportStep[], of: string): VNode {
  return wideTable(
    `What was tried of ${of}, and what was seen`,
    [
      { text: 'step' },
      { text: 'verdict' },
      { text: 'tried' },
      { text: 'seen' },
      { text: 'time', number: true },
    ],
    steps.map((step) => [
      step.name,
      verdictElement(step.verdict),
      triedInWords(step),
      seenInWords(step),
      durationInWords(step.durationMs),
    ]),
  )
}

/** The recording of which a state is told, whose round begins its name. */
const roundOf = (story: Story): number => Number.parseInt(story.case, 10)

/** The place at which a step's story is told. */
export const idOfStory = (stepId: string, at: number): string => `${stepId}-story-${at + 1}`

/** A step with its stories and pictures; null of one of which there is nothing more to say. */
export function stepElement(step: ReportStep, id: string): VNode | null {
  const { name, verdict, reason, stories, recordings, kills, coverage, controls, errors } = step
  const nothing = stories.length + recordings.length + kills.length + controls.length === 0
  if (nothing && reason === null && errors.length === 0) return null
  const linksOf = (round: number): StoryLink[] =>
    stories.flatMap((story, at) =>
      story.tier === 'power-cut' && roundOf(story) === round
        ? [{ href: `#${idOfStory(id, at)}`, words: `Story of ${story.case}` }]
        : [],
    )
  return el(
    'section',
    {},
    el('h4', {}, name, ' ', verdictElement(verdict)),
    reason === null ? null : el('p', {}, reason),
    stories.map((story, at) => storyElement(story, idOfStory(id, at), at === 0)),
    recordings.map((recording, at) =>
      stripPicture(recording, `${id}-strip-${at + 1}`, linksOf(recording.round)),
    ),
    kills.length === 0 ? null : killsPicture(kills, `${id}-kills`),
    coverage === null ? null : coveragePicture(coverage, `${id}-coverage`),
    errorsTable(step),
    controlsTable(step),
  )
}
