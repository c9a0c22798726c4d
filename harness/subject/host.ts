import { spawnSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { answerOrders } from '../process/orders.ts'
import type { SubjectKind } from './change.ts'
import { isPromise, ModuleSpeaker, problemWithModule, type SubjectModule } from './module.ts'
import type { Answer, Request } from './protocol.ts'

/** In which line of the module the syntax is wrong, in words; nothing where it is right: the error is an import's. */
function placeOfSyntaxError(path: string): string {
  const { stderr } = spawnSync(process.execPath, ['--check', path], { encoding: 'utf8' })
  const line = /:(\d+)\n/.exec(stderr)?.[1]
  return line === undefined ? '' : ` in line ${line}`
}

function inWords(error: unknown, path: string): string {
  if (!(error instanceof Error)) return String(error)
  const place = error instanceof SyntaxError ? placeOfSyntaxError(path) : ''
  return `${error.name}: ${error.message}${place}`
}

/** Imports the module. Ends the process where that fails: what is to be said of it is one sentence, not a stack. */
async function load(path: string): Promise<SubjectModule> {
  let module: Partial<SubjectModule>
  try {
    module = await import(pathToFileURL(path).href)
  } catch (error) {
    process.stderr.write(`${path} could not be loaded: ${inWords(error, path)}\n`)
    process.exit(1)
  }
  const problem = problemWithModule(module)
  if (problem === null) return module as SubjectModule
  process.stderr.write(`${path}: ${problem}\n`)
  process.exit(1)
}

/**
 * The process that hosts a subject which is a JavaScript module. Once a method has returned a promise it no longer
 * blocks between requests: a module of that kind may need its timers. It ends with its input, whatever timers and
 * sockets the module leaves.
 */
async function main(path: string, kind: SubjectKind): Promise<void> {
  const speaker = new ModuleSpeaker(await load(path), kind)
  let sawPromise = false
  await answerOrders<Request, Answer>(
    (request) => {
      const answer = speaker.answer(request)
      sawPromise ||= isPromise(answer)
      return answer
    },
    () => !sawPromise,
  )
}

const [path = '', kind = 'log'] = process.argv.slice(2)
await main(path, kind as SubjectKind)
process.exit()
