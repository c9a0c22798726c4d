import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

/** A step of a job; it runs a script, or uses an action. */
export interface WorkflowStep {
  name?: string
  id?: string
  if?: string
  env?: Record<string, unknown>
  run?: string
  shell?: string
  'working-directory'?: string
  uses?: string
  with?: Record<string, unknown>
}

/** A job of a workflow, as far as the workflows of this project go. */
export interface WorkflowJob {
  name?: string
  needs?: string | string[]
  if?: string
  'runs-on'?: string
  'timeout-minutes'?: number
  'continue-on-error'?: string | boolean
  permissions?: Record<string, string>
  strategy?: { 'fail-fast'?: boolean; matrix: Record<string, unknown> }
  outputs?: Record<string, string>
  steps?: WorkflowStep[]
  /** Another workflow in place of steps, and what it is given. */
  uses?: string
  with?: Record<string, unknown>
}

/** A workflow of GitHub Actions. */
export interface Workflow {
  name: string
  on: Record<string, unknown>
  permissions?: Record<string, string>
  defaults?: { run: { shell: string } }
  concurrency?: unknown
  jobs: Record<string, WorkflowJob>
}

/** The folder of the workflows. */
export const WORKFLOWS = join(import.meta.dirname, '..', '.github', 'workflows')

/** A workflow as it stands in its file, such as `release.yml`. */
export function readWorkflow(file: string): Workflow {
  return parse(readFileSync(join(WORKFLOWS, file), 'utf8')) as Workflow
}
