import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { CannotJudge } from '../oracle/cannot-judge.ts'
import { type Broke, Dialogue } from '../process/dialogue.ts'
import { type MountNamespace, namedInside } from '../process/namespace.ts'
import type { Runtime } from '../process/runtime.ts'
import { startScript } from '../process/start-script.ts'
import type { SubjectHome } from './home.ts'
import { RecoveryGone } from './recovery-gone.ts'
import type { Step, StepAnswer, StepReply, StepRequest } from './steps.ts'
import { stepsOf, type Visit, type Visited, visitedBy } from './visit.ts'

/** What a kept process is started with. */
export interface KeptProcessOptions {
  /** Where its subjects are at home. */
  home: SubjectHome
  /** How long one answer may take. */
  timeoutMs: number
  signal?: AbortSignal | undefined
  runtime?: Runtime | undefined
  /** Where the directories are mounted; where this process is unless given. */
  namespace?: MountNamespace | undefined
  /** What it is called in messages and in the list of processes; `recoverer` unless given. */
  role?: string
}

/** How often the kernel has killed a process for want of memory since it was booted; 0 where it doesn't say. */
function outOfMemoryKills(): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

function understand({ id }: StepRequest, line: string): { reply: StepReply } | { broken: string } {
  try {
    const answer = JSON.parse(line) as StepAnswer
    return answer.id === id ? { reply: answer } : { broken: `it answered ${answer.id} to ${id}` }
  } catch {
    return { broken: `it answered ${JSON.stringify(line.slice(0, 80))}` }
  }
}

type StepDialogue = Dialogue<StepRequest, StepReply>

/**
 * A process that takes subjects through steps, in one directory after another, and is never the one that was
 * killed. It is started when it is first needed, and again when it has died.
 */
export class KeptProcess {
  readonly #options: KeptProcessOptions
  readonly #role: string
  #child: ChildProcess | undefined
  #dialogue: StepDialogue | undefined
  /** The subject whose code the process has loaded. */
  #loaded: string | undefined
  /** How often the kernel had killed for want of memory when the process was started. */
  #killsBefore = 0

  constructor(options: KeptProcessOptions) {
    this.#options = options
    this.#role = options.role ?? 'recoverer'
  }

  /** Another one like it, which shares no process with it. */
  another(): KeptProcess {
    return new KeptProcess(this.#options)
  }

  /** Whether nobody is there to be asked: it was stopped, or has ended by itself. */
  get hasEnded(): boolean {
    return this.#dialogue?.isOpen !== true
  }

  /**
   * Opens the subject in a directory, which is named from outside of the namespace, appends, reads and closes.
   * Throws `RecoveryGone` when the process dies over the subject or gives no answer, `CannotJudge` when that was
   * not the subject's doing, a `MachineError` when the process can't be started, and what the signal was aborted
   * with.
   */
  async visit({ subject, ...visit }: Visit & { subject: string }): Promise<Visited> {
    const directory = namedInside(this.#options.namespace, visit.directory)
    return visitedBy(await this.take(subject, stepsOf({ ...visit, directory })))
  }

  /** Takes steps with the subject, in which paths are named as in the namespace. Throws as `visit`. */
  async take(subject: string, steps: readonly Step[]): Promise<StepReply[]> {
    this.#options.signal?.throwIfAborted()
    if (this.hasEnded) await this.#start()
    const first: Step[] = this.#loaded === subject ? [] : [{ do: 'load', subject }]
    const { replies, broke } = await (this.#dialogue as StepDialogue).ask([...first, ...steps])
    if (replies.length > 0) this.#loaded = subject
    if (broke !== null) throw this.#gone(broke, this.#loaded === subject)
    return replies.slice(first.length)
  }

  /** Ends the process; returns when it is gone. */
  async stop(): Promise<void> {
    await this.#dialogue?.kill()
  }

  async #start(): Promise<void> {
    const { home, runtime, namespace, timeoutMs, signal } = this.#options
    this.#killsBefore = outOfMemoryKills()
    const running = await startScript(home.script('kept'), runtime, namespace, [this.#role])
    const { child } = running
    this.#child = child
    const ended = new Promise((resolve) => child.once('close', resolve))
    const partner = { ...running, ended, strike: () => void child.kill('SIGKILL') }
    this.#dialogue = new Dialogue(partner, { understand, timeoutMs, signal })
    this.#loaded = undefined
  }

  /** `begun` is whether the subject's own code had been loaded. */
  #gone({ how, detail }: Broke, begun: boolean): CannotJudge {
    if (
      how === 'died' &&
      this.#child?.signalCode === 'SIGKILL' &&
      outOfMemoryKills() > this.#killsBefore
    ) {
      return new CannotJudge(`the ${this.#role} was killed when the machine had no memory left`)
    }
    const message = detail.replace(/^it /, `the ${this.#role} `)
    return begun ? new RecoveryGone(message) : new CannotJudge(message)
  }
}
