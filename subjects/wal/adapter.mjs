import { Wal } from '../../dist/wal/index.js'

/** The fields of an entry: its own where it is the JSON of an object as we would write it, else a text. */
function fieldsOf(entry) {
  try {
    const fields = JSON.parse(entry)
    const isOurs = /^\{/.test(entry) && JSON.stringify(fields) === entry
    if (isOurs && !Object.hasOwn(fields, 'seq') && !isText(fields)) return fields
  } catch {
    // It is no JSON.
  }
  return { text: entry }
}

const isText = (fields) => Object.keys(fields).join() === 'text' && typeof fields.text === 'string'

/** Our own log. */
export function open(directory) {
  const wal = Wal.open(directory, { environment: {} })
  return {
    append: (entry) => wal.append(fieldsOf(entry)),
    read: () =>
      Array.from(wal.readFrom(0n), ({ fields }) =>
        isText(fields) ? fields.text : JSON.stringify(fields),
      ),
    close: () => wal.close(),
  }
}
