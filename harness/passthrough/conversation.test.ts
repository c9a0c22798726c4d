import { expect } from 'vitest'
import { CHILD_ENVIRONMENT } from '../process/environment.ts'
import { Conversation } from '../subject/conversation.ts'
import { expectRebuilt, NEEDS, passthrough, testPassthrough } from './testing/scene.ts'

const STORE = `
import json, os, sys
f = os.open('log', os.O_CREAT | os.O_WRONLY | os.O_APPEND)
for line in sys.stdin:
    asked = json.loads(line)
    if 'entry' in asked: os.write(f, (asked['entry'] + '\\n').encode()); os.fsync(f)
    print(json.dumps({'id': asked['id'], 'ok': True}), flush=True)
`

testPassthrough(`a subject that is spoken to is killed at its operation${NEEDS}`, async () => {
  const served = await passthrough()
  const at = { kind: 'write', nth: 2 } as const
  served.begin({ fault: { fault: 'kill', at, moment: 'within', wroteBytes: 3 } })
  const speaker = {
    command: served.commandInside(['python3', '-c', STORE]),
    cwd: '/',
    environment: CHILD_ENVIRONMENT,
    answersFd: 1,
  } as const
  const conversation = await Conversation.start(speaker, { kind: 'log', timeoutMs: 60_000 })
  const questions = ['one', 'two', 'three'].map((entry) => ({ do: 'append', entry }) as const)
  const { replies, broke } = await conversation.ask(questions)
  expect(replies).toHaveLength(1)
  expect(broke?.how).toBe('died')
  expect(await conversation.kill()).toBe('SIGKILL')
  await served.whenGone()
  const seen = served.end()
  expect(seen.struck).toEqual({ operations: [4], killed: 'cgroup' })
  expect(seen.operations.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
    'create log',
    'write log',
    'fsync log',
    'write log',
  ])
  expectRebuilt(served, seen)
})
