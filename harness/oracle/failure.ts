/** What can be wrong after a fault (the oracle's named failures). */
export type FailureName =
  | 'acked-lost'
  | 'hole'
  | 'phantom'
  | 'altered'
  | 'refused'
  | 'not-idempotent'
  | 'wrong-next'
  | 'wrong-next-seq'
  /** Files that a refusal altered, or what was acknowledged before an error. */
  | 'destroyed'
  /** Acknowledged, though the disk had said no. */
  | 'false-success'
  /** Acknowledged behind an error, and found by no reopening. */
  | 'silent'

/** One thing that is wrong, with the particulars in a sentence. */
export interface Failure {
  name: FailureName
  detail: string
}
