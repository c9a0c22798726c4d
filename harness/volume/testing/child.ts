import { createInterface } from 'node:readline'
import { execa, type ResultPromise } from 'execa'
import { onTestFinished } from 'vitest'
import { CHILD_ENVIRONMENT } from '../../process/environment.ts'
import { scriptPath } from '../../process/script.ts'

type Child = ResultPromise<{ reject: false; extendEnv: false }>

/** A process that runs code with the compiled `createVolume`, `Device` and `Passthrough`, and says things as lines of JSON. */
export interface ChildWithVolumes {
  child: Child & { pid: number }
  /** The next thing that it says. */
  says(): Promise<unknown>
}

/**
 * Starts such a process. `code` is an ES module; it has `createVolume`, `Device`, `Passthrough`, `makeTemplate`,
 * `writeFileSync`, `say(value)`, `wait()`, which never ends, and `options`. `prefix` is a command that runs it. It is killed when the test ends.
 */
export function startChild(
  code: string,
  options: object,
  prefix: readonly string[] = [],
): ChildWithVolumes {
  const module = `
    import { existsSync, writeFileSync } from 'node:fs'
    import { createVolume } from ${JSON.stringify(scriptPath('harness/volume/volume.js'))}
    import { Device } from ${JSON.stringify(scriptPath('harness/power-cut/device/device.js'))}
    import { Passthrough } from ${JSON.stringify(scriptPath('harness/passthrough/passthrough.js'))}
    import { makeTemplate } from ${JSON.stringify(scriptPath('harness/power-cut/template.js'))}
    const options = ${JSON.stringify(options)}
    const say = (value) => process.stdout.write(JSON.stringify(value) + '\\n')
    const wait = () => new Promise((resolve) => setInterval(() => resolve, 1000))
    const appearance = async (path) => {
      while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 5))
    }
    ${code}`
  const node = [process.execPath, '--input-type=module', '--eval', module]
  const [file, ...args] = [...prefix, ...node] as [string, ...string[]]
  const { PULLPLUG_STATE = '' } = process.env
  const child = execa(file, args, {
    env: { ...CHILD_ENVIRONMENT, PULLPLUG_STATE },
    extendEnv: false,
    reject: false,
  }) as Child & { pid: number }
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await child
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    child,
    says: async () => {
      const { value, done } = await lines.next()
      if (done) throw new Error(`it ended without a word: ${(await child).stderr}`)
      return JSON.parse(value)
    },
  }
}
