/** Has `undo`, which waits for nothing, done when this process exits; returns what calls that off. */
export function atExit(undo: () => void): () => void {
  process.on('exit', undo)
  return () => void process.off('exit', undo)
}
