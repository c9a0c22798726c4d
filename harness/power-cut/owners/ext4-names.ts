const HEAD_BYTES = 8

/** The names in a block of an ext4 directory, and their inodes (the kernel's Documentation/filesystems/ext4/directory.rst). */
export function ext4NamesIn(block: Uint8Array): Map<string, number> {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength)
  const names = new Map<string, number>()
  for (let at = 0; at + HEAD_BYTES <= bytes.length; ) {
    const inode = bytes.readUInt32LE(at)
    const entryBytes = bytes.readUInt16LE(at + 4)
    const nameBytes = bytes.readUInt8(at + 6)
    const isWhole = entryBytes >= HEAD_BYTES + nameBytes && at + entryBytes <= bytes.length
    if (!isWhole || entryBytes % 4 !== 0) break
    const name = bytes.toString('utf8', at + HEAD_BYTES, at + HEAD_BYTES + nameBytes)
    if (inode !== 0 && nameBytes > 0 && name !== '.' && name !== '..') names.set(name, inode)
    at += entryBytes
  }
  return names
}

/** The names that one block of a directory has and another one has not, or with another inode; those that are gone last. */
export function namesChanged(before: Uint8Array | undefined, after: Uint8Array): string[] {
  const [old, now] = [before === undefined ? new Map() : ext4NamesIn(before), ext4NamesIn(after)]
  const all = new Set([...now.keys(), ...old.keys()])
  return [...all].filter((name) => old.get(name) !== now.get(name))
}
