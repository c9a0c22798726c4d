import '../write-all.mjs'
import { join } from 'node:path'
import Configstore from 'configstore'

/** A store in configstore's one file, which holds a list of pairs: an object would not take every key. */
export function open(directory) {
  const config = new Configstore('pullplug', undefined, {
    configPath: join(directory, 'config.json'),
  })
  const pairs = () => config.get('pairs') ?? []
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
