/** `power-cut-states.json`: what each state showed that was tried of the recordings that are kept. */
export interface PowerCutStatesRecord {
  schema: 'https://pullplug.dev/schemas/power-cut-states/1.json'
  recordings: RecordingStates[]
}

/** The states of one recording, in the order in which they are tried. */
export interface RecordingStates {
  round: number
  /**
   * Of each state, which of the different contents of the subject's directory it showed, counted from 1 as they first
   * came up; 0 where none was read.
   */
  contents: number[]
  /** The numbers of those in which a look found a failure, and of those that could not be judged. */
  failed: number[]
  unjudged: number[]
}
