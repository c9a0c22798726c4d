import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { LogRecord } from '../../wal/log-record.ts'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { MachineError } from '../process/machine-error.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import type { KeptProcess } from './kept-process.ts'
import { RecoveryGone } from './recovery-gone.ts'
import { type SurveyOptions, survey, surveyOnce } from './survey.ts'
import type { Visit, Visited } from './visit.ts'

type Answer = Visited['outcome']

const ENTRY = { seq: '1', json: '{}' }
const SOUND: Answer = { entries: [ENTRY] }
const REFUSED: Answer = { refused: { code: 'X', message: 'X: no', osCode: null } }
const FULL: Answer = { refused: { code: 'X', message: 'X: it is full', osCode: 'ENOSPC' } }

/** A survey of a directory by a recoverer that gives these answers, each after what it does to the disk. */
function surveyed(answers: [Answer | RecoveryGone, ((directory: string) => void)?][]): {
  options: SurveyOptions
  requests: Visit[]
  records: LogRecord[]
} {
  const requests: Visit[] = []
  const records: LogRecord[] = []
  const directory = temporaryDirectory()
  mkdirSync(join(directory, 'sub'))
  writeFileSync(join(directory, 'sub', 'file'), 'old')
  const visit = async (request: Visit): Promise<Visited> => {
    requests.push(request)
    const [outcome, act] = answers[requests.length - 1] as (typeof answers)[0]
    act?.(directory)
    if (outcome instanceof RecoveryGone) throw outcome
    const record: LogRecord = { level: 'warn', message: String(requests.length), attributes: {} }
    return {
      outcome,
      acked: request.append?.map(() => ({ seq: '2' })) ?? [],
      records: [record],
      operations: [],
    }
  }
  const options = {
    recoverer: { visit } as unknown as KeptProcess,
    subject: 'wal',
    directory,
    inspect: () => {
      const lookedAfter = requests.length
      return () => [{ name: 'phantom' as const, detail: `after ${lookedAfter}` }]
    },
    onRecords: (more: LogRecord[]) => void records.push(...more),
  }
  return { options, requests, records }
}

test('it recovers, looks at the disk, recovers again, appends, and recovers once more', async () => {
  const { options, requests, records } = surveyed([[SOUND], [SOUND], [SOUND], [SOUND]])
  const seen = await survey(options)
  expect(requests.map(({ append }) => append?.length)).toEqual([0, 0, 1, 0])
  expect(records.map(({ message }) => message)).toEqual(['1', '2', '3', '4'])
  expect(seen.inspection?.(1)).toEqual([{ name: 'phantom', detail: 'after 1' }])
  expect(seen).toMatchObject({
    first: { entries: [ENTRY] },
    second: { entries: [ENTRY] },
    filesChanged: [],
    probe: {
      json: JSON.stringify(requests[2]?.append?.[0]),
      seq: '2',
      after: { entries: [ENTRY] },
    },
  })
  expect(requests[0]).toEqual({
    subject: 'wal',
    directory: options.directory,
    append: [],
    skipSyncs: false,
  })
})

test('a file that a second recovery changes, adds or removes is named, wherever it lies', async () => {
  const change = (directory: string): void => {
    writeFileSync(join(directory, 'sub', 'file'), 'new')
    writeFileSync(join(directory, 'added'), '')
  }
  const answers: [Answer, typeof change?][] = [[SOUND], [SOUND, change]]
  const { options } = surveyed([...answers, [SOUND], [SOUND]])
  expect((await survey(options)).filesChanged).toEqual(['added', join('sub', 'file')])

  const remove = (directory: string): void => rmSync(join(directory, 'sub'), { recursive: true })
  const once = await surveyOnce(surveyed([[REFUSED, remove]]).options)
  expect(once).toEqual({ first: { refused: 'X: no' }, filesChanged: [join('sub', 'file')] })
})

test('after a refusal nothing more is asked', async () => {
  const first = surveyed([[REFUSED]])
  expect(await survey(first.options)).toMatchObject({ first: { refused: 'X: no' } })
  expect(first.requests).toHaveLength(1)

  const third = surveyed([[SOUND], [SOUND], [REFUSED]])
  expect(await survey(third.options)).toMatchObject({ probe: { refused: 'X: no' } })
  expect(third.requests).toHaveLength(3)
})

test('a process that dies over the subject is an opening that is gone, and nothing more is asked', async () => {
  const gone = new RecoveryGone('the recoverer ended by SIGBUS: ')
  const first = surveyed([[gone]])
  expect(await survey(first.options)).toMatchObject({
    first: { refused: 'the recoverer ended by SIGBUS: ', gone: true },
  })
  expect(first.requests).toHaveLength(1)
  const third = surveyed([[SOUND], [SOUND], [gone]])
  expect(await survey(third.options)).toMatchObject({
    first: { entries: [ENTRY] },
    probe: { refused: 'the recoverer ended by SIGBUS: ' },
  })
})

test('an inspection that meets a machine error leaves nothing to judge, and a mistake in it is thrown', async () => {
  const { options } = surveyed([[SOUND]])
  const inspect = (error: Error) => (): never => {
    throw error
  }
  const unreadable = new MachineError('MISSING', 'the log cannot be verified: EBADMSG', 'None.')
  await expect(survey({ ...options, inspect: inspect(unreadable) })).rejects.toThrow(
    new CannotJudge('after recovery, the log cannot be verified: EBADMSG'),
  )
  const mistaken = surveyed([[SOUND]]).options
  await expect(survey({ ...mistaken, inspect: inspect(new TypeError('x')) })).rejects.toThrow(
    TypeError,
  )
})

test.each([0, 1, 2, 3])(
  'a machine that fails at opening %i leaves nothing to judge',
  async (at) => {
    const answers: [Answer][] = [[SOUND], [SOUND], [SOUND], [SOUND]]
    const failed = survey(surveyed(answers.with(at, [FULL])).options)
    await expect(failed).rejects.toThrow(CannotJudge)
    await expect(failed).rejects.toThrow('in recovery, the machine failed: X: it is full')
  },
)
