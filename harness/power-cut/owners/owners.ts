import { type DeviceRequest, REQUEST } from '../../crash-states/device-request.ts'
import type { Recording } from '../../crash-states/recording.ts'
import { ext4Layout } from './ext4-layout.ts'
import { namesChanged } from './ext4-names.ts'
import { journalFeatures, readJournalBlock } from './jbd2.ts'
import type { DiskRange, Layout } from './layout.ts'
import { namedFile, type VolumeView } from './named-files.ts'
import { listed, type Piece, partOfFile } from './piece.ts'
import { xfsBlockSays, xfsLayout } from './xfs-layout.ts'
import { xfsLogRecordsIn } from './xfs-log.ts'

/** A block of the file system, as it was written. */
interface Block {
  atBytes: number
  bytes: Uint8Array
}

const structure = (what: string, of = what): Piece => ({
  ...{ what, of, isSubjects: false },
  ...{ transaction: null, carries: [] },
})

function layoutOf({ fileSystem, template }: Recording): Layout | null {
  if (fileSystem === 'ext4') return ext4Layout(template)
  return fileSystem === 'xfs' ? xfsLayout(template) : null
}

/** One piece for all that are told alike. */
function merged(pieces: readonly Piece[]): Piece[] {
  const byWords = new Map<string, Piece>()
  for (const piece of pieces) if (!byWords.has(piece.what)) byWords.set(piece.what, piece)
  return [...byWords.values()]
}

const differs = (one: Uint8Array | undefined, other: Uint8Array): boolean =>
  one === undefined || Buffer.compare(one, other) !== 0

/**
 * Says of each write of a recording whose it is: which file, which directory entry, which part of the file system's own
 * structures, by what the volume held at some times of it, the first of which is asked first.
 */
export class Owners {
  readonly #recording: Recording
  readonly #views: readonly VolumeView[]
  readonly #layout: Layout | null
  readonly #pieces = new Map<number, Piece[]>()
  /** What each block held last, in its place or in the journal. */
  readonly #latest = new Map<number, Uint8Array>()
  /** Of which blocks copies stand where in the journal. */
  readonly #copies = new Map<number, { transaction: number; block: number }>()
  /** What each transaction of the journal changes. */
  readonly #changes = new Map<number, Piece[]>()
  #features = 0

  constructor(recording: Recording, views: readonly VolumeView[]) {
    this.#recording = recording
    this.#views = views
    this.#layout = layoutOf(recording)
    const start = this.#layout?.journal[0]
    if (recording.fileSystem === 'ext4' && start !== undefined) {
      this.#features = journalFeatures(recording.template.subarray(start.atBytes))
    }
    for (const [number, request] of recording.requests.entries()) {
      if (request.kind !== REQUEST.flush) this.#pieces.set(number, this.#describe(request))
    }
  }

  /** Whose a write is. */
  of(request: number): readonly Piece[] {
    return this.#pieces.get(request) ?? []
  }

  #describe(request: DeviceRequest): Piece[] {
    const { offsetBytes, sizeBytes, kind, dataOffset } = request
    if (kind === REQUEST.zero) return this.#dataIn({ atBytes: offsetBytes, sizeBytes })
    const { data } = this.#recording
    const bytes = data.subarray(dataOffset, dataOffset + sizeBytes)
    if (this.#layout === null) return this.#dataIn({ atBytes: offsetBytes, sizeBytes })
    if (this.#journalOffset(offsetBytes) !== null) {
      return this.#recording.fileSystem === 'xfs'
        ? this.#xfsLogged(bytes)
        : merged(this.#blocks(offsetBytes, bytes).flatMap((block) => this.#jbd2Block(block)))
    }
    return this.#inPlace(offsetBytes, bytes)
  }

  #blocks(offsetBytes: number, bytes: Uint8Array): Block[] {
    const { blockBytes } = this.#layout as Layout
    return Array.from({ length: Math.ceil(bytes.length / blockBytes) }, (_, index) => ({
      atBytes: offsetBytes + index * blockBytes,
      bytes: bytes.subarray(index * blockBytes, (index + 1) * blockBytes),
    }))
  }

  /** How far into the journal a byte of the disk is; null where it is not in it. */
  #journalOffset(atBytes: number): number | null {
    let before = 0
    for (const { atBytes: from, sizeBytes } of this.#layout?.journal ?? []) {
      if (atBytes >= from && atBytes < from + sizeBytes) return before + atBytes - from
      before += sizeBytes
    }
    return null
  }

  /** Writes in their own place: data of a file for as far as it goes, and structures block by block. */
  #inPlace(offsetBytes: number, bytes: Uint8Array): Piece[] {
    const data = this.#dataIn({ atBytes: offsetBytes, sizeBytes: bytes.length })
    const isFile = this.#fileAt(offsetBytes)?.file.isDirectory === false
    if (isFile) return data
    return merged(this.#blocks(offsetBytes, bytes).flatMap((block) => this.#structureIn(block)))
  }

  #fileAt(atBytes: number): ReturnType<VolumeView['at']> {
    for (const view of this.#views) {
      const found = view.at(atBytes)
      if (found !== null) return found
    }
    return null
  }

  /** Bytes of files, each file's on end. */
  #dataIn({ atBytes, sizeBytes }: DiskRange): Piece[] {
    const pieces: Piece[] = []
    for (let at = atBytes; at < atBytes + sizeBytes; ) {
      const found = this.#fileAt(at)
      if (found === null) {
        pieces.push(structure('a block that no file has now'))
        at += this.#layout?.blockBytes ?? sizeBytes
        continue
      }
      const { file, fileBytes, leftBytes } = found
      const length = Math.min(leftBytes, atBytes + sizeBytes - at)
      const { name, isSubjects } = namedFile(file.path)
      const part = {
        from: fileBytes,
        to: Math.min(fileBytes + length, file.sizeBytes),
        of: file.sizeBytes,
      }
      pieces.push({
        what: partOfFile(name, part),
        of: name,
        isSubjects,
        transaction: null,
        carries: [],
      })
      at += length
    }
    return merged(pieces)
  }

  /** A block of the file system's own, by what of it is new. */
  #structureIn({ atBytes, bytes }: Block): Piece[] {
    const before = this.#before(atBytes, bytes.length)
    this.#latest.set(atBytes, bytes)
    const layout = this.#layout as Layout
    const slots = layout.inodesIn({ atBytes, sizeBytes: bytes.length }, bytes)
    const changed = slots.filter(({ atBytes: at, sizeBytes }) =>
      differs(before?.subarray(at, at + sizeBytes), bytes.subarray(at, at + sizeBytes)),
    )
    if (changed.length > 0) return merged(changed.map(({ inode }) => this.#inodePiece(inode)))
    const directory = this.#fileAt(atBytes)
    if (directory !== null) return [this.#directoryPiece(directory.file.path, before, bytes)]
    const what =
      layout.structureAt(atBytes) ??
      (this.#recording.fileSystem === 'xfs' ? xfsBlockSays(bytes) : null)
    return [structure(what ?? 'a block that no file has now')]
  }

  #before(atBytes: number, sizeBytes: number): Uint8Array | undefined {
    const { template } = this.#recording
    return this.#latest.get(atBytes) ?? template.subarray(atBytes, atBytes + sizeBytes)
  }

  #inodePiece(inode: number): Piece {
    for (const view of this.#views) {
      const file = view.ofInode(inode)
      if (file === undefined) continue
      const { name, isSubjects } = namedFile(file.path)
      // A small directory of xfs has its entries in its inode.
      const holdsEntries = file.isDirectory && this.#recording.fileSystem === 'xfs'
      const what = `the ${holdsEntries ? 'entries' : 'inode'} of ${name}`
      return { what, of: what, isSubjects, transaction: null, carries: [] }
    }
    return structure('an inode that no file has now')
  }

  #directoryPiece(path: string, before: Uint8Array | undefined, bytes: Uint8Array): Piece {
    const { name, isSubjects } = namedFile(path)
    const changed =
      this.#recording.fileSystem === 'ext4' ? namesChanged(before, bytes) : ([] as string[])
    const what =
      changed.length === 0
        ? `the entries of ${name}`
        : `the directory ${changed.length === 1 ? 'entry' : 'entries'} of ${listed(changed)}`
    const [first] = changed
    const of = first === undefined ? what : `the directory entry of ${first}`
    return { what, of, isSubjects, transaction: null, carries: [] }
  }

  #jbd2Block({ atBytes, bytes }: Block): Piece[] {
    const read = readJournalBlock(bytes, this.#features)
    if (read === null) return this.#copyPieces(atBytes, bytes)
    if (read.is === 'superblock') {
      this.#features = journalFeatures(bytes)
      return [structure('the journal’s superblock')]
    }
    const { transaction } = read
    if (read.is === 'descriptor') {
      const at = this.#journalOffset(atBytes) as number
      for (const [index, block] of read.blocks.entries()) {
        this.#copies.set(this.#journalPlace(at, index + 1), { transaction, block })
      }
      return [structure(`the list of blocks in transaction ${transaction} of the journal`)]
    }
    const carries = merged(this.#changes.get(transaction) ?? [])
    const of = `the journal’s ${read.is}`
    const isSubjects = carries.some((piece) => piece.isSubjects)
    const what = `${of} of transaction ${transaction}`
    return [{ what, of, isSubjects, transaction: null, carries }]
  }

  /** The place so many blocks behind one of the journal, which begins again behind its end. */
  #journalPlace(at: number, blocks: number): number {
    const { journal, blockBytes } = this.#layout as Layout
    const sizeBytes = journal.reduce((sum, range) => sum + range.sizeBytes, 0)
    const place = at + blocks * blockBytes
    return place < sizeBytes ? place : place - sizeBytes + blockBytes
  }

  #copyPieces(atBytes: number, bytes: Uint8Array): Piece[] {
    const copy = this.#copies.get(this.#journalOffset(atBytes) as number)
    if (copy === undefined) return [structure('a block of the journal')]
    const { blockBytes } = this.#layout as Layout
    const { transaction } = copy
    const pieces = this.#structureIn({ atBytes: copy.block * blockBytes, bytes })
    this.#changes.set(transaction, [...(this.#changes.get(transaction) ?? []), ...pieces])
    return pieces.map((piece) => ({ ...piece, transaction }))
  }

  #xfsLogged(bytes: Uint8Array): Piece[] {
    const records = xfsLogRecordsIn(bytes)
    if (records.length === 0) return [structure('a part of the log of xfs')]
    return records.map(({ cycle, block, inodes }): Piece => {
      const carries = merged(inodes.map((inode) => this.#inodePiece(inode)))
      return {
        what: `the record of the log of xfs at ${cycle}:${block}`,
        of: 'the log of xfs',
        isSubjects: carries.some((piece) => piece.isSubjects),
        transaction: null,
        carries,
      }
    })
  }
}
