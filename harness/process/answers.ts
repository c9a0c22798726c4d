/** The descriptor on which a child answers; its standard output is left to what its subject prints. */
export const ANSWERS_FD = 3
