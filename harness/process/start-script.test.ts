import { expect, onTestFinished, test } from 'vitest'
import { MachineError } from './machine-error.ts'
import { startScript } from './start-script.ts'

test('a script that was not built is missing, and the remedy is to build it', async () => {
  const started = startScript('kill/not-there.js')
  await expect(started).rejects.toThrow(MachineError)
  await expect(started).rejects.toMatchObject({
    code: 'MISSING',
    remedy: 'Run `npm run build`.',
  })
})

test('a Node that cannot be started is the machine’s failure, with its cause', async () => {
  const { execPath } = process
  onTestFinished(() => {
    process.execPath = execPath
  })
  process.execPath = '/there/is/no/node'
  const started = startScript('kill/recoverer.js')
  await expect(started).rejects.toThrow(MachineError)
  await expect(started).rejects.toMatchObject({ code: 'BROKEN', cause: { code: 'ENOENT' } })
})
