const never = new Int32Array(new SharedArrayBuffer(4))

/** Stops this thread for `ms` milliseconds. */
export function pauseSync(ms: number): void {
  Atomics.wait(never, 0, 0, ms)
}
