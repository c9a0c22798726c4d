/**
 * A mount namespace that a thread of this process keeps (mount_namespaces(7)). What is mounted there is seen
 * by nobody else, so nobody can take a copy of it.
 */
export interface MountNamespace {
  /** The thread, as /proc names it to any process, such as `/proc/12/task/15`. */
  readonly thread: string
  /** Its root, as this process names it: an open directory, which costs less to walk through than the thread. */
  readonly root: string
  /** A directory that the namespace's processes are to know by another path, and that path. */
  seenAt?: { readonly from: string; readonly to: string }
}

/** How a path of the namespace is named outside of it, in this process. */
export function namedOutside({ root }: MountNamespace, path: string): string {
  return `${root}${path}`
}

/** How a path that is named from outside is named in the namespace; any other path stays as it is. */
export function namedInside(namespace: MountNamespace | undefined, path: string): string {
  if (namespace === undefined || !path.startsWith(`${namespace.root}/`)) return path
  const inside = path.slice(namespace.root.length)
  const { from, to } = namespace.seenAt ?? { from: '', to: '' }
  const isThere = from !== '' && (inside === from || inside.startsWith(`${from}/`))
  return isThere ? `${to}${inside.slice(from.length)}` : inside
}

/**
 * A command as it is run in the namespace: nsenter(1) becomes the command, under the same process id. It begins in
 * the namespace's root, unless a folder is given: that of the caller is not the namespace's.
 */
export function commandInside(
  namespace: MountNamespace | undefined,
  command: readonly [string, ...string[]],
  folder?: string,
): [string, ...string[]] {
  if (namespace === undefined) return [...command]
  const inFolder = folder === undefined ? [] : ['sh', '-c', 'cd "$0" && exec "$@"', folder]
  return ['nsenter', `--mount=${namespace.thread}/ns/mnt`, '--', ...inFolder, ...command]
}
