import type { Story } from '../../../harness/story/story.ts'
import type { ReadFiles } from '../../evidence/read-files.ts'
import type { ReportStep } from '../model.ts'

/** A run that was read, and where it stands, as people are to type it. */
export type RunFiles = Pick<
  ReadFiles,
  | 'run'
  | 'iterations'
  | 'powerCut'
  | 'powerCutStates'
  | 'ioError'
  | 'portability'
  | 'recordings'
  | 'stories'
> & { path: string }

/** What of a step is told beyond its verdict. */
export type StepPart = Partial<
  Pick<
    ReportStep,
    'cases' | 'controls' | 'stories' | 'recordings' | 'kills' | 'errors' | 'coverage'
  >
>

/** So many recordings may yet be drawn; whoever draws some takes them away. */
export interface Room {
  recordings: number
}

/** The stories of a tier that were told when the run was made. */
export function toldOf({ stories }: RunFiles, tier: Story['tier']): Story[] {
  return (stories?.stories ?? []).filter((story) => story.tier === tier)
}
