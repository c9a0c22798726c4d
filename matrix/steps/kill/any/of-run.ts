/** Of which run an iteration is: its seed, where it will stand, and where its subject’s description stood. */
export interface OfRun {
  seed: number
  evidencePath: string
  subjectPath: string
}
