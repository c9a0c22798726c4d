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
  | 'destroyed'

/** One thing that is wrong, with the particulars in a sentence. */
export interface Failure {
  name: FailureName
  detail: string
}
