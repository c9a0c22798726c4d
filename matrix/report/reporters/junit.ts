import { plainLine } from '../../../harness/text/shown.ts'
import { XmlBuilder } from '../../bundled/xml.ts'
import type { ReportModel, ReportRun, ReportStep } from '../model.ts'
import { nameOfCell, plainStory, VERDICT_WORDS } from '../words.ts'
import type { Reporter } from './reporter.ts'

/** What became of a test: an element of it, with its type, message and text. */
interface Came {
  '@type': string
  '@message': string
  '#text': string
}

interface TestCase {
  '@name': string
  '@classname': string
  '@time': string
  failure?: Came
  error?: Came
  skipped?: Pick<Came, '@message'>
}

interface TestSuite {
  '@name': string
  '@tests': number
  '@failures': number
  '@errors': number
  '@skipped': number
  '@time': string
  '@timestamp'?: string
  properties?: { property: { '@name': string; '@value': string }[] }
  testcase: TestCase[]
}

/** What XML 1.0 has no way to write, beyond what is hidden. */
const NO_CHARACTER = /[\ufffe\uffff]/g

/** Text from outside as XML can hold it, on one line. */
const plain = (text: string): string =>
  plainLine(text).replace(NO_CHARACTER, (each) => `\\u{${each.charCodeAt(0).toString(16)}}`)

const secondsOf = (durationMs: number): string => (durationMs / 1000).toFixed(3)

const came = (type: string, message: string, lines: readonly string[]): Came => ({
  '@type': plain(type),
  '@message': plain(message),
  '#text': lines.map(plain).join('\n'),
})

function testOfStep({
  name,
  verdict,
  reason,
  durationMs,
  figures,
}: ReportStep): Omit<TestCase, '@classname'> {
  const base = { '@name': plain(name), '@time': secondsOf(durationMs) }
  const why = reason ?? figures
  if (verdict === 'fail') return { ...base, failure: came('fail', why, [why]) }
  if (verdict === 'skipped') return { ...base, skipped: { '@message': plain(why) } }
  return verdict === 'pass' ? base : { ...base, error: came(verdict, why, [why]) }
}

/** A test for each cause of which a story is told. */
function testsOfStories({ name, stories }: ReportStep): Omit<TestCase, '@classname'>[] {
  return stories.map((story) => {
    const [failure] = story.failures
    const told = came(failure?.name ?? 'inconclusive', story.title, plainStory(story))
    return {
      '@name': plain(`${name} case ${story.case}: ${story.title}`),
      '@time': secondsOf(0),
      ...(failure === undefined ? { error: told } : { failure: told }),
    }
  })
}

function testsOf(run: ReportRun, classname: string): TestCase[] {
  const { problem } = run
  if (problem !== null) {
    const error = came('evidence', `${VERDICT_WORDS.invalid}: ${problem}`, [problem])
    return [{ '@name': 'evidence', '@classname': classname, '@time': secondsOf(0), error }]
  }
  return run.steps.flatMap((step) =>
    [testOfStep(step), ...testsOfStories(step)].map((test) => ({
      ...test,
      '@classname': classname,
    })),
  )
}

const having = (tests: readonly TestCase[], what: 'failure' | 'error' | 'skipped'): number =>
  tests.filter((test) => test[what] !== undefined).length

function suiteOf(name: string, classname: string, run: ReportRun): TestSuite {
  const tests = testsOf(run, classname)
  const { startedAt, facts, durationMs } = run
  return {
    '@name': plain(name),
    '@tests': tests.length,
    '@failures': having(tests, 'failure'),
    '@errors': having(tests, 'error'),
    '@skipped': having(tests, 'skipped'),
    '@time': secondsOf(durationMs),
    ...(startedAt === null ? {} : { '@timestamp': startedAt.replace(/(\.\d+)?Z$/, '') }),
    ...(facts.length === 0
      ? {}
      : {
          properties: {
            property: facts.map((fact) => ({
              '@name': plain(fact.name),
              '@value': plain(fact.value),
            })),
          },
        }),
    testcase: tests,
  }
}

/** What is wrong with the evidence beside any run, as a suite of its own. */
function suiteOfProblems(problems: readonly string[]): TestSuite[] {
  if (problems.length === 0) return []
  const testcase = problems.map((problem, at) => ({
    '@name': `problem ${at + 1}`,
    '@classname': 'pullplug.evidence',
    '@time': secondsOf(0),
    error: came('evidence', problem, [problem]),
  }))
  const counts = { '@tests': testcase.length, '@failures': 0, '@errors': testcase.length }
  return [{ '@name': 'evidence', ...counts, '@skipped': 0, '@time': secondsOf(0), testcase }]
}

function suitesOf({ cells, problems }: ReportModel): TestSuite[] {
  const suites = cells.flatMap((cell) =>
    cell.runs.map((run) =>
      suiteOf(
        `${nameOfCell(cell)} ${run.name}`,
        plain(`pullplug.${cell.arch}.${cell.fileSystem}.${run.name}`),
        run,
      ),
    ),
  )
  return [...suites, ...suiteOfProblems(problems)]
}

/**
 * JUnit's XML, as Jenkins, GitLab and others read it: a suite a run, a test a step and a test a story. What could not
 * be judged, and evidence that can't be believed, is an error; what was skipped is skipped.
 */
export const junit: Reporter = {
  name: 'junit',
  describe: 'the XML that CI systems read as results of tests',
  defaultFile: 'pullplug-junit.xml',
  render(model) {
    const suites = suitesOf(model)
    const sum = (key: '@tests' | '@failures' | '@errors'): number =>
      suites.reduce((total, suite) => total + suite[key], 0)
    const seconds = suites.reduce((total, suite) => total + Number(suite['@time']), 0)
    const builder = new XmlBuilder({
      ignoreAttributes: false,
      attributeNamePrefix: '@',
      format: true,
      suppressEmptyNode: true,
      suppressBooleanAttributes: false,
    })
    const xml: string = builder.build({
      '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
      testsuites: {
        '@name': 'pullplug',
        '@tests': sum('@tests'),
        '@failures': sum('@failures'),
        '@errors': sum('@errors'),
        '@time': seconds.toFixed(3),
        testsuite: suites,
      },
    })
    return xml
  },
}
