import type { SystemCalls } from '../process/system-calls.ts'

/** What the thread that mounts is asked: one call with its arguments. */
export type MounterRequest =
  | { call: 'mount'; args: Parameters<SystemCalls['mount']> }
  | { call: 'unmount'; args: Parameters<SystemCalls['unmount']> }

/** What it says: where it is, once it is ready; and after each request, how the call failed, if it did. */
export type MounterMessage =
  | { thread: string }
  | { failed: { code: string; message: string } | null }

/** The paths that must stay within its reach, whatever they lie on. */
export interface MounterData {
  needed: readonly string[]
}
