/** What an entry carries beside its seq: any JSON object. */
export type Fields = Record<string, unknown>

/** One entry of the log. */
export interface Entry {
  seq: bigint
  fields: Fields
}
