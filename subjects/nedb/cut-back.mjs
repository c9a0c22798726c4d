import { stat, truncate } from 'node:fs/promises'
import { createRequire } from 'node:module'

const lengthOf = async (path) => {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (error.code === 'ENOENT') return 0
    throw error
  }
}

/** With CUT_BACK=true NeDB cuts its file back to its former length where an append fails. */
if (process.env.CUT_BACK === 'true') {
  const storage = createRequire(import.meta.url)('@seald-io/nedb/lib/storage.js')
  const { appendFileAsync } = storage
  storage.appendFileAsync = async (path, ...rest) => {
    const length = await lengthOf(path)
    try {
      await appendFileAsync(path, ...rest)
    } catch (error) {
      await truncate(path, length)
      throw error
    }
  }
}
