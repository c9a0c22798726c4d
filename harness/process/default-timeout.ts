/** How long one process may take before it is given up. */
export const DEFAULT_TIMEOUT_MS = 30_000
