import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where a rehearsal plays: folders in place of a runner, of its services, and of programs it lacks. */
export interface Stage {
  /** The folder of the checkout, in which scripts run. */
  workspace: string
  /** Where artifacts are kept, a folder each. */
  artifacts: string
  /** Where `GITHUB_OUTPUT` and its like are, and what actions leave. */
  runner: string
  /** Programs that stand in for those of a runner, before all others in PATH. */
  programs: string
  /** The lines of every script's output, as they come. */
  tell(line: string): void
  /** Ends what runs. */
  signal: AbortSignal
  remove(): void
}

/** Runs what it is given, as root already does. */
const SUDO = '#!/bin/sh\nexec "$@"\n'
/** Writes down what it is asked; a release is never there yet. */
const GH = '#!/bin/sh\necho "$@" >> "$RUNNER_TEMP/gh"\n[ "$2" != view ]\n'

/** Makes an empty stage. */
export function makeStage(tell: Stage['tell'], signal: AbortSignal): Stage {
  const root = mkdtempSync(join(tmpdir(), 'pullplug-rehearsal-'))
  const folder = (name: string): string => {
    const path = join(root, name)
    mkdirSync(path)
    return path
  }
  const programs = folder('programs')
  for (const [name, script] of Object.entries({ sudo: SUDO, gh: GH })) {
    writeFileSync(join(programs, name), script)
    chmodSync(join(programs, name), 0o755)
  }
  return {
    workspace: folder('workspace'),
    artifacts: folder('artifacts'),
    runner: folder('runner'),
    programs,
    tell,
    signal,
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}
