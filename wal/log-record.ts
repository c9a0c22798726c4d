/** One structured record of what the log has to say to an operator. Sequence numbers are strings. */
export interface LogRecord {
  level: 'warn' | 'error'
  message: string
  attributes: Record<string, string | number>
}

/** Where records go; the caller of `Wal.open` gives it. */
export type LogSink = (record: LogRecord) => void
