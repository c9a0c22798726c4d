import '../write-all.mjs'
import Conf from 'conf'

/** A store in conf's one file, which holds a list of pairs: an object would not take every key. */
export function open(directory) {
  const config = new Conf({ cwd: directory, projectName: 'pullplug' })
  const pairs = () => config.get('pairs', [])
  return {
    put: (key, value) => config.set('pairs', [...new Map(pairs()).set(key, value)]),
    delete: (key) =>
      config.set(
        'pairs',
        pairs().filter((pair) => pair[0] !== key),
      ),
    read: pairs,
    close() {},
  }
}
