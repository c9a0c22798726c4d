import { expect, test } from 'vitest'
import { ext4NamesIn, namesChanged } from './ext4-names.ts'
import { extentsIn } from './files-on-disk.ts'
import { readJournalBlock } from './jbd2.ts'
import { namedFile, VolumeView } from './named-files.ts'
import { inBriefOf, type Piece, partOfFile, piecesInWords } from './piece.ts'
import { xfsLogRecordsIn } from './xfs-log.ts'

const piece = (what: string, more: Partial<Piece> = {}): Piece => ({
  ...{ what, of: what, isSubjects: false, transaction: null, carries: [] },
  ...more,
})

test('bytes of a file are told from its end where they reach it', () => {
  expect(partOfFile('log', { from: 0, to: 4096, of: 48 })).toBe('log, all its 48 bytes')
  expect(partOfFile('log', { from: 4096, to: 12_288, of: 10_752 })).toBe(
    'log, its last 6,656 bytes',
  )
  expect(partOfFile('log', { from: 4096, to: 8192, of: 10_000 })).toBe('log, bytes 4,096 to 8,192')
})

test('the subject’s own stand before what is the file system’s alone, and names before inodes', () => {
  const pieces = [
    piece('the map of used blocks', { transaction: 4 }),
    piece('the inode of log', { isSubjects: true, transaction: 4 }),
    piece('the directory entry of log', { isSubjects: true, transaction: 4 }),
  ]
  expect(piecesInWords(pieces)).toBe(
    'the directory entry of log and the inode of log (in transaction 4 of the journal)',
  )
  expect(piecesInWords(pieces.slice(0, 1))).toBe(
    'the map of used blocks (in transaction 4 of the journal)',
  )
  expect(inBriefOf([piece('the commit', { carries: pieces })])).toBe('the directory entry of log')
  expect(inBriefOf([])).toBe(null)
})

/** An entry of an ext4 directory. */
function entry(inode: number, name: string, sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes)
  bytes.writeUInt32LE(inode, 0)
  bytes.writeUInt16LE(sizeBytes, 4)
  bytes.writeUInt8(name.length, 6)
  bytes.write(name, 8)
  return bytes
}

test('the names of a directory that a block changes are told', () => {
  const [old, now] = [
    Buffer.concat([entry(2, '.', 12), entry(13, 'log', 12), entry(0, 'gone', 40)]),
    Buffer.concat([entry(2, '.', 12), entry(14, 'log', 12), entry(15, 'other', 40)]),
  ]
  expect([...ext4NamesIn(old)]).toEqual([['log', 13]])
  expect(namesChanged(old, now)).toEqual(['log', 'other'])
  const renamed = Buffer.concat([entry(2, '.', 12), entry(13, 'new', 52)])
  expect(namesChanged(old, renamed)).toEqual(['new', 'log'])
  expect(namesChanged(now, now)).toEqual([])
  expect(ext4NamesIn(Buffer.alloc(64)).size).toBe(0)
})

/** A block of jbd2's journal: its head, and words behind it. */
function journalBlock(type: number, transaction: number, words: readonly number[] = []): Buffer {
  const bytes = Buffer.alloc(4096)
  for (const [at, word] of [0xc03b3998, type, transaction, ...words].entries()) {
    bytes.writeUInt32BE(word, at * 4)
  }
  return bytes
}

test('blocks of a journal are read with the transaction that they are of', () => {
  // Tags of 16 bytes: a block, its flags (2 for no UUID, 8 for the last), its high word, a checksum.
  const tags = [1162, 2, 0, 7, 18, 2 + 8, 0, 7, 99, 2, 0, 7]
  expect(readJournalBlock(journalBlock(1, 12, tags), 0x12)).toEqual({
    is: 'descriptor',
    transaction: 12,
    blocks: [1162, 18],
  })
  expect(readJournalBlock(journalBlock(2, 12), 0x12)).toEqual({ is: 'commit', transaction: 12 })
  expect(readJournalBlock(journalBlock(4, 0), 0)).toEqual({ is: 'superblock' })
  expect(readJournalBlock(Buffer.alloc(4096), 0)).toBe(null)
})

test('records of the log of xfs are read with the inodes that they change', () => {
  const bytes = Buffer.alloc(2048)
  const body = Buffer.alloc(1024)
  body.writeUInt32BE(56, 4)
  body.writeUInt16LE(0x123b, 12)
  body.writeBigUInt64LE(11_076n, 12 + 16)
  body.copy(bytes, 512)
  for (const [at, word] of [0xfeedbabe, 3, 2, 80, 3, 17].entries())
    bytes.writeUInt32BE(word, at * 4)
  bytes.writeUInt32BE(32_768, 320)
  // The log has its cycle in the first word of each sector, whose own stands in the head.
  bytes.writeUInt32BE(body.readUInt32BE(0), 44)
  bytes.writeUInt32BE(3, 512)
  expect(xfsLogRecordsIn(bytes)).toEqual([{ cycle: 3, block: 17, inodes: [11_076] }])
  expect(xfsLogRecordsIn(Buffer.alloc(1024))).toEqual([])
})

const PRINTED = `Filesystem type is: ef53
File size of /m/subject/log is 48 (8 blocks of 512 bytes)
 ext:     logical_offset:        physical_offset: length:   expected: flags:
   0:        0..       7:       9304..      9311:      8:             last,eof
/m/subject/log: 1 extent found
File size of /m/small is 4 (1 block of 512 bytes)
 ext:     logical_offset:        physical_offset: length:   expected: flags:
   0:        0..       7:          0..         7:      8:             last,not_aligned,inline,eof
`

test('what filefrag prints says where a file stands', () => {
  const extents = extentsIn(PRINTED, ['/m/subject/log', '/m/small'])
  expect(extents.get('/m/small')).toEqual([])
  const log = { path: 'subject/log', inode: 13, isDirectory: false, sizeBytes: 48 }
  const view = new VolumeView([{ ...log, extents: extents.get('/m/subject/log') ?? [] }])
  expect(view.at(9304 * 512 + 100)).toMatchObject({ fileBytes: 100, leftBytes: 3996 })
  expect(view.at(9312 * 512)).toBe(null)
  expect(view.ofInode(13)?.path).toBe('subject/log')
})

test('files are told by their path in the subject’s directory, and those beside it by what they are', () => {
  expect(namedFile('subject/a/log')).toEqual({ name: 'a/log', isSubjects: true })
  expect(namedFile('subject')).toEqual({ name: 'the subject’s directory', isSubjects: true })
  expect(namedFile('neighbour').isSubjects).toBe(false)
})
