import { existsSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { ACTIONS } from './actions.ts'
import { type Contexts, fillIn, isDue, type JobState } from './expression.ts'
import { runScript } from './run-script.ts'
import type { Stage } from './stage.ts'
import type { WorkflowJob, WorkflowStep } from './workflow.ts'

/** What came of a job. */
export interface PlayedJob {
  result: 'success' | 'failure'
  outputs: Record<string, string>
  /** The last words of what failed; empty when nothing did. */
  problem: string
}

const KNOWN_KEYS = ['name', 'id', 'if', 'env', 'run', 'shell', 'working-directory', 'uses', 'with']

function fillInAll(
  values: Record<string, unknown> = {},
  contexts: Contexts,
  state: JobState,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, String(fillIn(value, contexts, state))]),
  )
}

/** What it installs stands from the first job on, so it is run once. */
const INSTALL = 'npm ci'

/** Only a job that checks out has the checkout; any other begins in an empty folder. */
function stageOf({ steps = [] }: WorkflowJob, stage: Stage): Stage {
  if (steps.some(({ uses }) => uses?.startsWith('actions/checkout@'))) return stage
  return { ...stage, workspace: mkdtempSync(join(stage.runner, 'workspace-')) }
}

/** Runs the scripts of a job in order, and plays its actions. */
export async function playJob(
  job: WorkflowJob,
  contexts: Contexts,
  env: Record<string, string>,
  wholeStage: Stage,
): Promise<PlayedJob> {
  const stage = stageOf(job, wholeStage)
  const steps: Record<string, { outputs: Record<string, string> }> = {}
  const state = { failed: false }
  const here = { ...contexts, steps }
  let problem = ''

  function folderOf({ 'working-directory': folder }: WorkflowStep): Stage {
    return folder === undefined
      ? stage
      : { ...stage, workspace: String(fillIn(folder, here, state)) }
  }

  async function play(step: WorkflowStep): Promise<Record<string, string>> {
    const unknown = Object.keys(step).find((key) => !KNOWN_KEYS.includes(key))
    if (unknown !== undefined) throw new Error(`the rehearsal does not know ${unknown} of a step`)
    if (step.uses !== undefined) {
      const action = ACTIONS[step.uses.split('@')[0] ?? '']
      if (action === undefined) throw new Error(`the rehearsal cannot play ${step.uses}`)
      return await action(fillInAll(step.with, here, state), stage)
    }
    const script = step.run ?? ''
    const stepEnv = { ...env, ...fillInAll(step.env, here, state) }
    const { exitCode, outputs, lastWords } = await runScript(script, stepEnv, folderOf(step))
    if (exitCode === 0) return outputs
    state.failed = true
    problem ||= `${step.name ?? script} ended with ${exitCode}:\n${lastWords}`
    return outputs
  }

  for (const step of job.steps ?? []) {
    const title = step.name ?? step.run?.trim().split('\n')[0] ?? step.uses?.split('@')[0]
    if (!isDue(step.if, here, state)) {
      stage.tell(`- ${title}: not due`)
      continue
    }
    if (step.run === INSTALL && existsSync(join(stage.workspace, 'node_modules'))) {
      stage.tell(`- ${title}: skipped, it stands from the first job`)
      continue
    }
    stage.tell(`- ${title}`)
    const outputs = await play(step)
    if (step.id !== undefined) steps[step.id] = { outputs }
  }
  return {
    result: state.failed ? 'failure' : 'success',
    outputs: state.failed ? {} : fillInAll(job.outputs, here, state),
    problem,
  }
}
