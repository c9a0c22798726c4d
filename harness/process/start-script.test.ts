import { expect, test } from 'vitest'
import { MachineError } from './machine-error.ts'
import { THIS_NODE } from './runtime.ts'
import { scriptPath } from './script.ts'
import { startScript } from './start-script.ts'

test('a script that was not built is missing, and the remedy is to build it', () => {
  const find = (): string => scriptPath('harness/not-there.js')
  expect(find).toThrow(MachineError)
  expect(find).toThrow(expect.objectContaining({ code: 'MISSING', remedy: 'Run `npm run build`.' }))
})

test('a Node that cannot be started is the machine’s failure, with its cause', async () => {
  const started = startScript('/any.js', {
    ...THIS_NODE,
    command: ['/there/is/no/node'],
  })
  await expect(started).rejects.toThrow(MachineError)
  await expect(started).rejects.toMatchObject({ code: 'BROKEN', cause: { code: 'ENOENT' } })
})
