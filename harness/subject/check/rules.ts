import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { judgeRecovery } from '../../oracle/judge-recovery.ts'
import type { Conversation } from '../conversation.ts'
import type { Description } from '../description.ts'
import { nextChange } from '../next-change.ts'
import { promiseFor } from '../promise.ts'
import { seeRecovery, Talker } from '../see-recovery.ts'
import { runSetup } from '../set-up.ts'
import { Broken, type Scene } from './scene.ts'
import { checkRights, noteLeavings } from './traces.ts'

/** How long a process may take to end once its input has ended. */
const END_MS = 5_000

/** How many changes the rules make, all together. */
export const CHANGES = 30
const FIRST_CHANGES = 12
const MORE_CHANGES = 6

/** A rule of the contract that needs no fault, or a SIGKILL. Each goes on from where the one before it ended. */
export interface Rule {
  text: string
  /** Whether the description makes it one; always unless given. */
  applies?: (description: Description) => boolean
  /** Throws `Broken` where the subject breaks it. */
  holds: (scene: Scene) => Promise<void>
}

/** Ends the process, and throws `Broken` unless that goes as it must. */
async function end(
  scene: Scene,
  talk: Conversation = scene.talk,
  directory = scene.directory,
): Promise<void> {
  const ending = await talk.end(END_MS)
  const { endedItself, how, saidUnasked } = ending
  const left = ending.leftRunning + scene.killForgotten(directory)
  if (saidUnasked !== null) throw new Broken(saidUnasked)
  if (!endedItself) throw new Broken(`it did not end in ${END_MS} ms; it was killed`)
  if (left > 0) throw new Broken(`it left ${left} of its processes running`)
  if (how.startsWith('SIG')) throw new Broken(`it ended by ${how}`)
  if (how !== 'exit code 0') scene.notes.push(`at the end of its input it ended with ${how}`)
}

/** Has the subject's setup prepare a new directory; throws `Broken` where that fails. */
async function setUpFor(scene: Scene, directory: string): Promise<void> {
  const problem = await runSetup(scene.subject, directory, scene.signal)
  if (problem !== null) throw new Broken(`its setup: ${problem}`)
  const left = scene.killForgotten(directory)
  if (left > 0) throw new Broken(`its setup: it left ${left} of its processes running`)
}

/** Opens an empty directory, and throws `Broken` unless nothing is in it. */
async function expectNothing(scene: Scene, talk: Conversation, directory: string): Promise<void> {
  await scene.askOf(talk, { do: 'open', directory })
  await scene.expectContents([], talk)
}

const SETUP: Rule = {
  text: 'its setup prepares a new directory',
  applies: ({ setup }) => setup !== undefined,
  holds: (scene) => setUpFor(scene, scene.directory),
}

const STARTS: Rule = {
  text: 'it starts, opens an empty directory, and holds nothing',
  async holds(scene) {
    await scene.start()
    await scene.expectContents()
  },
}

const MAKES: Rule = {
  text: 'it makes small, large and empty changes, and returns them as they were sent',
  async holds(scene) {
    await scene.make(FIRST_CHANGES)
    await scene.expectContents()
  },
}

const CONCURRENCY: Rule = {
  text: 'it answers changes that are sent at once, in their order',
  applies: ({ concurrency = 1 }) => concurrency > 1,
  async holds(scene) {
    await scene.make(MORE_CHANGES, scene.subject.description.concurrency)
    await scene.expectContents()
  },
}

const REOPENS: Rule = {
  text: 'it closes, and holds the same when it is opened again',
  async holds(scene) {
    await scene.ask({ do: 'close' })
    if (scene.subject.description.fresh === true) {
      await end(scene)
      await scene.start()
    } else {
      await scene.open()
    }
    await scene.expectContents()
    await scene.ask({ do: 'close' })
  },
}

const ENDS: Rule = {
  text: 'it ends when its input ends, and leaves no process running',
  async holds(scene) {
    await end(scene)
    noteLeavings(scene)
  },
}

const RIGHTS: Rule = {
  text: 'its directory stays one that its owner can read, write and remove',
  holds: async (scene) => checkRights(scene),
}

const ALL_WITHIN: Rule = {
  text: 'all that it keeps is in its directory: with an empty one in its place, it holds nothing',
  async holds(scene) {
    const { directory } = scene
    const aside = join(scene.scratch, 'aside')
    renameSync(directory, aside)
    mkdirSync(directory)
    await setUpFor(scene, directory)
    const talk = await scene.another()
    await expectNothing(scene, talk, directory)
    await scene.askOf(talk, { do: 'close' })
    await end(scene, talk)
    rmSync(directory, { recursive: true })
    renameSync(aside, directory)
  },
}

const ANOTHER: Rule = {
  text: 'another process finds the same, and goes on',
  async holds(scene) {
    await scene.start()
    await scene.expectContents()
    await scene.make(MORE_CHANGES)
    await scene.expectContents()
  },
}

const BESIDE: Rule = {
  text: 'one beside it, in a directory of its own, does not disturb it, nor is disturbed',
  async holds(scene) {
    const directory = join(scene.scratch, 'beside')
    mkdirSync(directory)
    await setUpFor(scene, directory)
    const talk = await scene.another()
    const change = nextChange(scene.subject.description.kind)
    try {
      await expectNothing(scene, talk, directory)
      await scene.askOf(talk, change)
      await scene.expectContents([change], talk)
      await scene.askOf(talk, { do: 'close' })
    } catch (error) {
      if (!(error instanceof Broken)) throw error
      const sentence = `while another one runs in another directory: ${error.message}`
      throw new Broken(sentence, error.evidence)
    }
    await end(scene, talk, directory)
    await scene.expectContents()
  },
}

const KILLED: Rule = {
  text: 'killed right behind an acknowledgement, it opens, keeps its promise for kills, and goes on',
  async holds(scene) {
    const { subject, directory, made } = scene
    const { kind, promises, fresh = false } = subject.description
    await scene.make(MORE_CHANGES)
    await scene.talk.kill()
    const talker = new Talker(fresh, () => scene.another())
    const talk = (): Promise<Conversation> => talker.talk()
    const seen = await seeRecovery({ subject, directory, talk, inFull: true })
    const history = made.map((change) => ({ change, outcome: 'acked' as const }))
    const { failures } = judgeRecovery(kind, promiseFor(promises, 'kill'), history, seen)
    const [failure] = failures
    if (failure !== undefined) {
      const sentence = `${failure.name}: ${failure.detail}`
      throw new Broken(
        sentence,
        'contents' in seen.first ? scene.compare(seen.first.contents) : null,
      )
    }
    await end(scene, await talk())
  },
}

/** The rules in the order in which they are tried. */
const RULES: readonly Rule[] = [
  SETUP,
  STARTS,
  MAKES,
  CONCURRENCY,
  REOPENS,
  RIGHTS,
  ENDS,
  ALL_WITHIN,
  ANOTHER,
  BESIDE,
  KILLED,
]

/** The rules that a subject is held to. */
export function rulesFor(description: Description): Rule[] {
  return RULES.filter(({ applies }) => applies?.(description) !== false)
}
