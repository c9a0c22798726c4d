import type { Disk } from '../../wal/disk.ts'
import type { LogRecord } from '../../wal/log-record.ts'
import { type ErrorReport, reportError } from '../process/error-report.ts'
import type { Operation, RoleOf } from './operations.ts'
import { pointDisk } from './point-disk.ts'
import type { OpenStep, Step, StepReply } from './steps.ts'
import type { OpenSubject, Subject } from './subject.ts'

/** What a subject does its file operations with, and how they are named. */
export interface Ground {
  disk: Disk
  roleOf: RoleOf
}

/** Takes a subject through steps, and tells what came of each. */
export class DiskSpeaker {
  readonly #ground: Ground
  #subject: Subject | undefined
  #open: OpenSubject | undefined
  /** Why a step was refused since it was opened. */
  #refused: ErrorReport | undefined
  #records: LogRecord[] = []
  #operations: Operation[] = []

  constructor(ground: Ground) {
    this.#ground = ground
  }

  load(subject: Subject): StepReply {
    this.#subject = subject
    return { ok: true }
  }

  /**
   * Takes one step. Behind a refusal every step is refused for the same reason until it is opened again, for
   * steps are sent before the answers are read; but it is closed. Never throws.
   */
  take(step: Exclude<Step, { do: 'load' }>): StepReply {
    let reply: StepReply
    try {
      reply = this.#take(step)
    } catch (error) {
      this.#refused ??= reportError(error)
      reply = { ok: false, refused: this.#refused }
    }
    const records = this.#records.splice(0)
    const operations = this.#operations.splice(0)
    return {
      ...reply,
      ...(records.length === 0 ? {} : { records }),
      ...(operations.length === 0 ? {} : { operations }),
    }
  }

  #take(step: Exclude<Step, { do: 'load' }>): StepReply {
    if (step.do === 'open') {
      this.#refused = undefined
      this.#open = this.#openIn(step)
      return { ok: true }
    }
    const open = this.#open
    if (step.do === 'close') {
      this.#open = undefined
      // Behind an opening that was refused there is nothing to close.
      if (open === undefined && this.#refused === undefined) {
        throw new Error('the subject is not open')
      }
      open?.close()
      return { ok: true }
    }
    if (this.#refused !== undefined) return { ok: false, refused: this.#refused }
    if (open === undefined) throw new Error('the subject is not open')
    if (step.do === 'append') {
      return { ok: true, acked: { seq: String(open.append(step.fields)) } }
    }
    const entries = Array.from(open.read(), ({ seq, fields }) => ({
      seq: String(seq),
      json: JSON.stringify(fields),
    }))
    return { ok: true, entries }
  }

  #openIn({ directory, trace = false, skipSyncs = false }: OpenStep): OpenSubject {
    const { disk: inner, roleOf } = this.#ground
    const disk = skipSyncs ? { ...inner, sync: () => {}, syncDirectory: () => {} } : inner
    let opening = true
    const onOperation = (operation: Operation): void => {
      if (opening) this.#operations.push(operation)
    }
    const traced = trace ? pointDisk(disk, { during: () => 'open', onOperation, roleOf }) : disk
    const open = (this.#subject as Subject).open(directory, {
      disk: traced,
      log: (record) => this.#records.push(record),
    })
    opening = false
    return open
  }
}
