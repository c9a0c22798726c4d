/**
 * The environment of every child: its own and small. An inherited one can triple a Node's start
 * (`NODE_EXTRA_CA_CERTS`), and would let the caller's variables into the subject.
 */
export const CHILD_ENVIRONMENT: Record<string, string> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
}
