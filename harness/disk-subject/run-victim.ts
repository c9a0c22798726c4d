import { type ErrorReport, refusalInWords } from '../process/error-report.ts'
import { hearOut } from '../process/hear-out.ts'
import type { Runtime } from '../process/runtime.ts'
import { startScript } from '../process/start-script.ts'
import type { SubjectHome } from './home.ts'
import type { Operation } from './operations.ts'
import type { Acknowledgement } from './steps.ts'
import type { VictimJob, VictimLine } from './victim-protocol.ts'

/** How a victim ended. */
export interface VictimEnd {
  /** What it acknowledged, in order. */
  acked: Acknowledgement[]
  /** The operations that it told of, when it was to trace. */
  operations: Operation[]
  /** The point that it announced before it died, and how much of a write it had done. */
  announced: { operation: Operation; writtenBytes: number | undefined } | undefined
  refused: ErrorReport | undefined
  done: boolean
  /** Whether it ended by a SIGKILL that was not the harness giving it up. */
  killed: boolean
  /** How it ended, in words. */
  ending: string
}

export interface VictimOptions {
  /** Where the subject is at home. */
  home: SubjectHome
  timeoutMs: number
  signal?: AbortSignal
  /** What runs it; this Node unless given. */
  runtime?: Runtime
}

/** What was told, up to the last whole line: a process can be killed in the middle of one. */
function wholeLines(told: string): VictimLine[] {
  const lines = told.split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line) as VictimLine)
}

/**
 * Runs a victim to its end: its death at its point, or its own. `timeoutMs` is when it is given up.
 * Throws a `MachineError` when it can't be started, and what `signal` was aborted with.
 */
export async function runVictim(job: VictimJob, options: VictimOptions): Promise<VictimEnd> {
  const { home, timeoutMs, signal, runtime } = options
  signal?.throwIfAborted()
  const running = await startScript(home.script('victim'), runtime)
  const heard = await hearOut(running, JSON.stringify(job), { timeoutMs, signal })
  const { told, exitCode, endedBy, givenUp } = heard

  const how = endedBy === null ? `with exit code ${exitCode}` : `by ${endedBy}`
  const end: VictimEnd = {
    acked: [],
    operations: [],
    announced: undefined,
    refused: undefined,
    done: false,
    killed: endedBy === 'SIGKILL' && !givenUp,
    ending: givenUp
      ? `it gave no end in ${timeoutMs} ms`
      : `it ended ${how}${running.lastWords.behindColon()}`,
  }
  for (const line of wholeLines(told)) {
    if ('acked' in line) end.acked.push(line.acked)
    else if ('operation' in line) end.operations.push(line.operation)
    else if ('point' in line) {
      end.announced = { operation: line.point, writtenBytes: line.writtenBytes }
    } else if ('refused' in line) {
      end.refused = line.refused
      end.ending = refusalInWords(line.refused)
    } else {
      end.done = true
      end.ending = 'it came to its end'
    }
  }
  return end
}
