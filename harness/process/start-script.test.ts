import { expect, test } from 'vitest'
import { MachineError } from './machine-error.ts'
import { THIS_NODE } from './runtime.ts'
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
  const started = startScript('disk-subject/recoverer.js', {
    ...THIS_NODE,
    command: ['/there/is/no/node'],
  })
  await expect(started).rejects.toThrow(MachineError)
  await expect(started).rejects.toMatchObject({ code: 'BROKEN', cause: { code: 'ENOENT' } })
})
