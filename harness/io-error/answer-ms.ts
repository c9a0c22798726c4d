/** How long an answer may take unless the subject says so: one that retries for ever is to be given up. */
export const ANSWER_MS = 10_000
