import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { imageOfState } from '../harness/crash-states/image.ts'
import type { Recording } from '../harness/crash-states/recording.ts'
import {
  type LossId,
  type StateId,
  stateInWords,
  stateName,
} from '../harness/crash-states/state.ts'
import type { StateResult } from '../harness/power-cut/check-state.ts'
import type { JudgedState } from '../harness/power-cut/confirm-state.ts'
import { describedHost } from '../harness/power-cut/described-host.ts'
import { diskSubjectHost } from '../harness/power-cut/disk-subject-host.ts'
import { replayMounted, replayWithoutMount, stateOf } from '../harness/power-cut/replay-state.ts'
import { lacksForPowerCuts } from '../harness/power-cut/requirements.ts'
import { readableWithoutMount } from '../harness/power-cut/without-mount.ts'
import { MachineError } from '../harness/process/machine-error.ts'
import type { Story } from '../harness/story/story.ts'
import { HOME } from '../subjects/home.ts'
import type { StateProblemRecord, Verdict } from './evidence/types.ts'
import type { Progress } from './progress.ts'
import { recordingOf } from './recording.ts'
import { readEvidence, runtimeFor } from './replay.ts'
import { subjectFor } from './replayable.ts'
import { shellPath, shellWord } from './text/shell-word.ts'
import { keepInWorkingFolder } from './working-folder.ts'

/** Which state of a run is replayed, and how. */
export interface StateReplayRequest {
  /** A `run-N` folder. */
  evidence: string
  state: StateId | LossId
  /** The path of what describes its subject; null for our log and its controls. */
  subjectPath: string | null
  /** Whether the image is kept to be looked at. */
  keep: boolean
  /** Whether e2fsck replays the journal, and not the kernel. */
  withoutMount: boolean
  signal: AbortSignal
  progress: Progress
}

/** What came of a state, beside what is on record. */
export interface StateReplay {
  state: string
  /** The state in words. */
  what: string
  verdict: Verdict
  result: JudgedState
  /** What is on record of it; null for one that was not among the problems. */
  recorded: StateProblemRecord | null
  /** The story that told it; null where none did. */
  story: Story | null
  /** Whether it came to the same as on record or in its story: to nothing wrong, when it is not among the problems. */
  same: boolean
  /** The image of the state before any recovery, and the command that mounts it. */
  kept: { image: string; mount: string } | null
}

function outcomeOf({ acked, recovered, failures, notJudged }: StateResult | StateProblemRecord) {
  const names = failures.map(({ name }) => name)
  // How a file system's problem is worded depends on who met it.
  return JSON.stringify(notJudged === null ? { acked, recovered, names } : 'not judged')
}

function isSame(
  recorded: StateProblemRecord | null,
  story: Story | null,
  result: StateResult,
): boolean {
  if (story !== null) return story.failures[0]?.name === result.failures[0]?.name
  if (recorded !== null) return outcomeOf(recorded) === outcomeOf(result)
  return result.failures.length === 0 && result.notJudged === null
}

async function keepImage(
  recording: Recording,
  image: Uint8Array,
  state: string,
): Promise<StateReplay['kept']> {
  const name = `state-${state}.img`
  const { kept } = await keepInWorkingFolder(async (folder) => {
    writeFileSync(join(folder, name), image)
  })
  const path = join(kept, name)
  const options = ['loop', ...recording.mountOptions].join(',')
  return {
    image: path,
    mount: `mount -t ${recording.fileSystem} -o ${shellWord(options)} ${shellPath(path)} /mnt`,
  }
}

async function requireWay(
  { fileSystem, variant }: Recording,
  withoutMount: boolean,
): Promise<void> {
  const readable = readableWithoutMount({ fileSystem, variant })
  if (withoutMount) {
    if (readable) return
    throw new MachineError(
      'MISSING',
      `a state of ${variant ?? fileSystem} cannot be read without mounting it`,
      'Run it as root, without --without-mount.',
    )
  }
  const lacks = await lacksForPowerCuts(fileSystem)
  if (lacks.length === 0) return
  const remedies = lacks.map(({ remedy }) => remedy).join('; and ')
  throw new MachineError(
    'MISSING',
    `a state of ${fileSystem} needs ${lacks.map(({ what }) => what).join(' and ')}`,
    `${remedies[0]?.toUpperCase()}${remedies.slice(1)}.${readable ? ' Or give --without-mount.' : ''}`,
  )
}

/**
 * Rebuilds a state from a run's evidence and judges it again. Throws a `MachineError` when the evidence
 * can't be read, has no such state, or the state can't be looked at here.
 */
export async function replayState(request: StateReplayRequest): Promise<StateReplay> {
  const { evidence, state: id, withoutMount, signal } = request
  const read = readEvidence(evidence)
  const subject = subjectFor(read, request)
  const name = stateName(id)
  const ordered = recordingOf(read, id.round, { subjectPath: request.subjectPath, state: name })
  const { recording } = ordered
  const state = stateOf(ordered, id)
  if (state === undefined) {
    throw new MachineError('MISSING', `there is no state ${name}`, 'See power-cut.json.')
  }
  await requireWay(recording, withoutMount)
  const runtime = await runtimeFor(read.run.cell.arch, request)
  const replay = withoutMount ? replayWithoutMount : replayMounted
  const result = await replay(recording, state, id, {
    host: subject === null ? diskSubjectHost(HOME) : describedHost(subject),
    runtime,
    signal,
  })
  const recorded = read.powerCut?.problems.find((problem) => problem.state === name) ?? null
  const told = read.stories?.stories.find((each) => each.case === name) ?? null
  const story = recorded === null ? told : null
  return {
    state: name,
    what: stateInWords(state),
    verdict:
      result.notJudged !== null ? 'inconclusive' : result.failures.length > 0 ? 'fail' : 'pass',
    result,
    recorded,
    story,
    same: isSame(recorded, story, result),
    kept: request.keep ? await keepImage(recording, imageOfState(recording, state), name) : null,
  }
}
