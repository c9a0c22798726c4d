import { lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { LookedPlace } from '../../observed/look-again.ts'
import { playHistory } from '../../observed/play-history.ts'
import { CannotJudge } from '../../oracle/cannot-judge.ts'
import type { PlannedHistory } from '../../plan/planned-history.ts'
import { Conversation } from '../../subject/conversation.ts'
import { Talker } from '../../subject/see-recovery.ts'
import { setUp } from '../../subject/set-up.ts'
import { speakerOf } from '../../subject/speak.ts'
import { FILE_SYSTEMS } from '../../volume/file-systems/index.ts'
import { createVolume, type Volume } from '../../volume/volume.ts'
import { ANSWER_MS } from '../answer-ms.ts'
import type { ErrorSiteOptions } from '../error-site.ts'
import type { Filler, FillerRow } from './filler.ts'

/** The same for every case, since programs keep paths. */
const FOLDER = 'subject'

/** A small volume that can run out of something, and the subject's directory and processes there. */
export class FullVolume implements LookedPlace {
  readonly filler: Filler
  readonly writer: Talker
  readonly talker: Talker
  readonly #volume: Volume
  readonly #options: ErrorSiteOptions

  private constructor(volume: Volume, filler: Filler, options: ErrorSiteOptions) {
    this.#volume = volume
    this.filler = filler
    this.#options = options
    this.writer = this.newTalker()
    this.talker = this.newTalker()
  }

  /** Makes one. Throws as `createVolume`. */
  static async create(options: ErrorSiteOptions, row: FillerRow): Promise<FullVolume> {
    const { fileSystem, subject, stateDirectory, signal } = options
    const { powerCut } = FILE_SYSTEMS[fileSystem]
    const volume = await createVolume({
      fileSystem,
      sizeBytes: Math.max(subject.description.volumeBytes ?? 0, powerCut.sizeBytes),
      mkfsOptions: row.mkfsOptions(fileSystem),
      // Nothing here is looked at behind a power cut.
      mountOptions: powerCut.unflushedOptions,
      ...(stateDirectory === undefined ? {} : { stateDirectory }),
      ...(signal === undefined ? {} : { signal }),
    })
    try {
      return new FullVolume(volume, await row.create(volume.mountPoint), options)
    } catch (error) {
      await volume.remove()
      throw error
    }
  }

  get backing(): string {
    return join(this.#volume.mountPoint, FOLDER)
  }

  newTalker(): Talker {
    const { subject, signal } = this.#options
    const { kind, timeoutMs = ANSWER_MS, fresh = false } = subject.description
    return new Talker(fresh, () =>
      Conversation.start(speakerOf(subject), { kind, timeoutMs, signal }),
    )
  }

  vacate(): void {
    rmSync(this.backing, { recursive: true, force: true })
  }

  /** Nothing stands between it and its disk that could have failed. */
  assertServing(): void {}

  /** Makes the directory anew, with all that the volume has, as it is when a history begins. Throws as `setUp`. */
  async prepare({ madeLongAgo }: Pick<PlannedHistory, 'madeLongAgo'>): Promise<void> {
    const { subject } = this.#options
    this.filler.giveBack()
    this.vacate()
    mkdirSync(this.backing)
    await setUp(subject, this.backing)
    if (!madeLongAgo) return
    const empty = { round: 0, madeLongAgo, sessions: [[]] }
    const { refused, broke } = await playHistory(await this.talker.talk(), empty, this.backing)
    const problem = refused ?? broke?.detail ?? null
    if (problem !== null) throw new CannotJudge(`before the volume was full, ${problem}`)
  }

  /** Whether the subject's directory is not there. */
  get isGone(): boolean {
    return lstatSync(this.backing, { throwIfNoEntry: false }) === undefined
  }

  /** How many files the directory holds and how many bytes, in a text by which two of them are compared. */
  get footprint(): string {
    if (this.isGone) return 'gone'
    let [files, sizeBytes] = [0, 0]
    const entries = readdirSync(this.backing, { recursive: true, withFileTypes: true })
    for (const { parentPath, name } of entries) {
      const found = lstatSync(join(parentPath, name), { throwIfNoEntry: false })
      files += 1
      if (found?.isFile() === true) sizeBytes += found.size
    }
    return `${files} files of ${sizeBytes} bytes`
  }

  /** Ends the processes; the next ones are new. */
  async stop(): Promise<void> {
    await this.writer.stop()
    await this.talker.stop()
  }

  /** Ends the processes and undoes the volume. Throws a `MachineError` when something is left. */
  async remove(): Promise<void> {
    await this.stop()
    await this.#volume.remove()
  }
}
