import { spawnSync } from 'node:child_process'
import { readSync, writeSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { ANSWERS_FD } from '../process/answers.ts'
import type { SubjectKind } from './change.ts'
import { isPromise, ModuleSpeaker, problemWithModule, type SubjectModule } from './module.ts'
import type { Answer, Request } from './protocol.ts'

const REQUESTS_FD = 0
const CHUNK_BYTES = 64 * 1024

/** Writes all of an answer: a pipe takes a large one in parts. */
function say(answer: Answer): void {
  const bytes = Buffer.from(`${JSON.stringify(answer)}\n`)
  for (let doneBytes = 0; doneBytes < bytes.length; ) {
    doneBytes += writeSync(ANSWERS_FD, bytes, doneBytes)
  }
}

/**
 * The lines of standard input, until it ends. It blocks for the next one, which arrives sooner so, as long as
 * `blocks` says; from then on the event loop runs while it waits.
 */
async function* requestLines(blocks: () => boolean): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let unfinished = ''
  const linesOf = (bytes: Uint8Array): string[] => {
    const lines = (unfinished + decoder.decode(bytes, { stream: true })).split('\n')
    unfinished = lines.pop() ?? ''
    return lines
  }
  const chunk = Buffer.alloc(CHUNK_BYTES)
  while (blocks()) {
    const readBytes = readSync(REQUESTS_FD, chunk)
    if (readBytes === 0) return
    yield* linesOf(chunk.subarray(0, readBytes))
  }
  for await (const bytes of process.stdin) yield* linesOf(bytes as Buffer)
}

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
 * The process that hosts a subject which is a JavaScript module. It speaks the contract's protocol on a
 * descriptor of its own, so that what the module prints harms nothing. Once a method has returned a promise it
 * no longer blocks between requests: a module of that kind may need its timers. It ends with its input, whatever
 * timers and sockets the module leaves.
 */
async function main(path: string, kind: SubjectKind): Promise<void> {
  const speaker = new ModuleSpeaker(await load(path), kind)
  let sawPromise = false
  for await (const line of requestLines(() => !sawPromise)) {
    const answer = speaker.answer(JSON.parse(line) as Request)
    sawPromise ||= isPromise(answer)
    say(await answer)
  }
}

const [path = '', kind = 'log'] = process.argv.slice(2)
await main(path, kind as SubjectKind)
process.exit()
