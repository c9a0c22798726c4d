import { basename } from 'node:path'
import { shown } from '../../harness/text/shown.ts'
import type { RunRead } from '../evidence/read.ts'
import type { RunRecord } from '../evidence/types.ts'
import { rowOf } from '../steps/index.ts'
import { bareStep, type ReportRun } from './model.ts'
import { partOf } from './of-step/index.ts'
import type { Room } from './of-step/part.ts'

const commitOf = ({ commit, dirty }: RunRecord): string => {
  if (commit === null) return 'none known'
  return `${commit.slice(0, 12)}${dirty ? ', with uncommitted changes' : ''}`
}

function factsOf(run: RunRecord): ReportRun['facts'] {
  const { subject, subjectPath, seed, startedAt, host, emulation, mount, shard, shards } = run
  const { index, of } = shard ?? { index: 0, of: 0 }
  const facts: [string, string | null][] = [
    ['subject', subjectPath === null ? subject : `${subject} (${subjectPath})`],
    ['seed', String(seed)],
    ['commit', commitOf(run)],
    ['began', startedAt],
    ['machine', `${host.arch}, ${host.cpus} processors, kernel ${host.kernel}, Node ${host.node}`],
    ['emulation', emulation === 'none' ? null : emulation],
    ['volume', mount.volume === 'loop' ? mount.fsType : `working directory (${mount.fsType})`],
    ['shard', shard === null ? null : `${index} of ${of}`],
    ['merged from', shards.length === 0 ? null : `${shards.length} shards`],
  ]
  return facts.flatMap(([name, value]) => (value === null ? [] : [{ name, value: shown(value) }]))
}

/** A run as it is reported, from its evidence as it was read; one that can't be believed says why and no more. */
export function reportOfRun(read: RunRead, room: Room): ReportRun {
  const name = basename(read.path)
  if (!read.ok) {
    return {
      name,
      problem: read.problem,
      verdict: 'invalid',
      facts: [],
      startedAt: null,
      durationMs: 0,
      steps: [],
    }
  }
  const { run } = read
  return {
    name,
    problem: null,
    verdict: run.verdict,
    facts: factsOf(run),
    startedAt: run.startedAt,
    durationMs: Math.max(0, Date.parse(run.finishedAt) - Date.parse(run.startedAt)),
    steps: run.steps.map((step) => ({
      ...bareStep({
        name: step.name,
        verdict: step.verdict,
        reason: step.reason,
        durationMs: Math.round(step.durationMs),
        figures: step.verdict === 'skipped' ? '' : rowOf(step, run).figures(step),
      }),
      ...partOf(step, read, room),
    })),
  }
}
