import { plainLine } from '../../harness/text/shown.ts'
import { foldedStory, foldedWithin } from '../report/folded-story.ts'
import { plainStory } from '../report/words.ts'
import { cellName } from '../text/cell-name.ts'
import { codeSpan, shellBlock } from '../text/markdown.ts'
import type { CellDecision, GateDecision } from './decision.ts'
import type { StoriesByCell } from './stories.ts'

const SIGNS = { pass: '✅', fail: '❌', warn: '⚠️', absent: '—' } as const

const distinct = (values: string[]): string[] => [...new Set(values)]

function grid(cells: CellDecision[]): string[] {
  const parts = cells.map(({ cell, result }) => {
    const [arch = '', fileSystem = ''] = cellName(cell).split('/')
    return { arch, fileSystem, sign: SIGNS[result] }
  })
  const fileSystems = distinct(parts.map(({ fileSystem }) => fileSystem))
  const signOf = (arch: string, fileSystem: string): string =>
    parts.find((part) => part.arch === arch && part.fileSystem === fileSystem)?.sign ?? SIGNS.absent
  return [
    `| | ${fileSystems.join(' | ')} |`,
    `| --- |${' :-: |'.repeat(fileSystems.length)}`,
    ...distinct(parts.map(({ arch }) => arch)).map(
      (arch) => `| ${arch} | ${fileSystems.map((each) => signOf(arch, each)).join(' | ')} |`,
    ),
  ]
}

/** So many stories are told of a cell, and so many characters of all of them. */
const TOLD_STORIES = 5
const MAX_STORY_CHARS = 60_000

function explain({ cell, status, result, reason, replays }: CellDecision): string[] {
  const lines = [`${SIGNS[result]} **${cellName(cell)}** (${status}): ${codeSpan(reason)}`, '']
  return replays.length === 0 ? lines : [...lines, ...shellBlock(replays.map(plainLine)), '']
}

/**
 * The decision as Markdown that is read at a glance: a grid of architectures and file systems, then of
 * each cell that did not pass the reason and the line that reproduces it, and the stories of what failed.
 */
export function summaryOf(
  decision: GateDecision,
  advisory: boolean,
  stories: StoriesByCell,
): string {
  const bad = (['fail', 'warn'] as const).flatMap((result) =>
    decision.cells.filter((cell) => cell.result === result),
  )
  const sign = SIGNS[decision.decision]
  const told = bad.flatMap(({ cell }) =>
    (stories.get(cell) ?? [])
      .slice(0, TOLD_STORIES)
      .map((story) => foldedStory(cellName(cell), plainStory(story), false)),
  )
  return [
    `## ${sign} Pullplug gate: ${decision.decision}${advisory ? ' (advisory)' : ''}`,
    '',
    ...grid(decision.cells),
    '',
    ...bad.flatMap(explain),
    ...foldedWithin(told, MAX_STORY_CHARS),
    ...decision.problems.flatMap((problem) => [`${SIGNS.fail} ${codeSpan(problem)}`, '']),
  ].join('\n')
}
