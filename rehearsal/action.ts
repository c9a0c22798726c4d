import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Contexts } from './expression.ts'
import { type PlayedJob, playJob } from './play-job.ts'
import type { Stage } from './stage.ts'
import type { WorkflowStep } from './workflow.ts'

/** A composite action, as far as the one of this project goes. */
export interface Action {
  name: string
  description: string
  inputs: Record<string, { description: string; default: string }>
  outputs: Record<string, { description: string; value: string }>
  runs: { using: string; steps: WorkflowStep[] }
}

/** The file of the project's own action. */
export const ACTION_FILE = join(import.meta.dirname, '..', 'action.yml')

/** The project's own action, as it stands in its file. */
export function readAction(): Action {
  return parse(readFileSync(ACTION_FILE, 'utf8')) as Action
}

/** The action as a job that has its steps and its outputs. */
export function jobOfAction({ outputs, runs }: Action) {
  return {
    steps: runs.steps,
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, { value }]): [string, string] => [name, value]),
    ),
  }
}

/** What stands before the action in a job of its user's. */
const CHECKOUT: WorkflowStep = { uses: 'actions/checkout@v7' }

/** Plays the action with these inputs, in the checkout of the stage, from which it comes as well. */
export function playAction(
  action: Action,
  given: Record<string, string>,
  env: Record<string, string>,
  stage: Stage,
): Promise<PlayedJob> {
  const defaults = Object.entries(action.inputs).map(([name, input]) => [name, input.default])
  const contexts: Contexts = {
    inputs: { ...Object.fromEntries(defaults), ...given },
    github: { action_path: stage.workspace },
  }
  const { steps, outputs } = jobOfAction(action)
  return playJob({ steps: [CHECKOUT, ...steps], outputs }, contexts, env, stage)
}
