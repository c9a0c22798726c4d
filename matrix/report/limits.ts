/** How much of a run a report shows: it is read by people, and opens in any browser. */

/** Recordings that are drawn of one run, and of all of them. */
export const MAX_DRAWN_RECORDINGS = 3
export const MAX_DRAWN_RECORDINGS_IN_ALL = 48

/** Kills that are drawn of one run. */
export const MAX_DRAWN_KILLS = 2000

/** What GitHub takes as one comment. */
export const MAX_COMMENT_CHARS = 65_536
