import { shown } from '../../harness/text/shown.ts'
import type { TierControl, TierProblem } from '../../harness/tier.ts'
import { nativeArch } from '../host.ts'
import { packageVersion } from '../package-root.ts'
import type { TestReport, TierReport } from '../test-subject/report.ts'
import { storiesOfCases, type ToldCase } from './derived-story.ts'
import {
  bareStep,
  type ReportCell,
  type ReportControl,
  type ReportModel,
  type ReportStep,
  worstOf,
} from './model.ts'
import { coverageOf } from './of-step/coverage.ts'

function controlOf({
  name,
  defect,
  caught,
  failure,
  by,
  unseenBecause,
}: TierControl): ReportControl {
  const how = caught ? [failure, by].filter((each) => each !== null).join(': ') : unseenBecause
  return { name, defect, due: unseenBecause === null, caught, how }
}

function toldOf(tier: string, problem: TierProblem, replay: string): ToldCase {
  return { ...problem, tier: tier as ToldCase['tier'], replay }
}

function figuresOf({ result }: TierReport): string {
  if (result === null) return ''
  const { cases, of, passed, distinct, remark } = result
  const tried = of === null ? `${cases} cases` : `${cases} of ${of} cases`
  const seen = distinct === null ? '' : `, ${distinct} contents`
  return `${tried}, ${passed} passed${seen}${remark === null ? '' : `; ${shown(remark)}`}`
}

function stepOf(report: TierReport): ReportStep {
  const { tier, verdict, reason, durationMs, result, replays } = report
  const step = bareStep({ name: tier, verdict, reason, durationMs, figures: figuresOf(report) })
  if (result === null) return step
  const { cases, failed, inconclusive, problems, controls, strips = [] } = result
  const seen = strips.flatMap(({ round, states }) =>
    states.flatMap(({ outcome }) => (outcome === null ? [] : [`${round}: ${outcome}`])),
  )
  const told = problems.map((problem, at) => toldOf(tier, problem, replays[at] ?? ''))
  return {
    ...step,
    cases: { tried: cases, failed, inconclusive },
    controls: controls.map(controlOf),
    recordings: strips,
    coverage: coverageOf('contents of the directory, in the recordings that are drawn', seen),
    stories: storiesOfCases(
      told,
      problems.flatMap(({ story }) => story ?? []),
    ),
  }
}

function cellOf(fileSystem: string, report: TestReport): ReportCell {
  const { subject, seed, tiers } = report
  const steps = tiers.filter((tier) => tier.fileSystem === fileSystem).map(stepOf)
  const verdict = worstOf(steps.map((step) => step.verdict))
  const arch = nativeArch()
  const run = {
    name: 'test',
    problem: null,
    verdict,
    facts: [
      { name: 'subject', value: shown(subject) },
      { name: 'seed', value: String(seed) },
    ],
    startedAt: null,
    durationMs: steps.reduce((sum, { durationMs }) => sum + durationMs, 0),
    steps,
  }
  return { arch, fileSystem, status: null, verdict, runs: [run] }
}

/** The report of what `pullplug test` found out. Throws an `Error` where no tier was asked for. */
export function reportOfTest(report: TestReport): ReportModel {
  if (report.tiers.length === 0) throw new Error('there is no tier to report')
  const fileSystems = [...new Set(report.tiers.map(({ fileSystem }) => fileSystem))]
  return {
    schema: 'https://pullplug.dev/schemas/report/1.json',
    tool: { name: 'pullplug', version: packageVersion },
    subjects: [shown(report.subject)],
    verdict: report.verdict,
    problems: [],
    cells: fileSystems.map((fileSystem) => cellOf(fileSystem, report)),
  }
}
