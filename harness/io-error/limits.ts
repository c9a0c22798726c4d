/** However short the time is, so many cases are made. */
export const LEAST_CASES = 40

/** A control that needs more is none that a run can rest on. */
export const MOST_CONTROL_CASES = 80
