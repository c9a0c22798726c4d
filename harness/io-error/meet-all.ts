import { join } from 'node:path'
import type { DescribedSubject } from '../subject/description.ts'
import type { FileSystemName } from '../volume/file-systems/index.ts'
import { type ErrorExtent, meetErrors } from './campaign.ts'
import { lacksForRealErrors, meetRealErrors } from './real-errors.ts'
import { type ToldErrorCase, toldAtOperation, toldOfRealError } from './told.ts'

export interface AllErrorsOptions {
  subject: DescribedSubject
  seed: number
  /** A folder on the file system under test, for this alone. */
  root: string
  /** Of which devices and volumes are made that say no; null where none can be. */
  fileSystem: FileSystemName | null
  extent: ErrorExtent
  share?: { index: number; of: number } | undefined
  signal: AbortSignal
  /** Once it says so, no further case is begun. */
  isEnough?: (() => boolean) | undefined
  onCase: (told: ToldErrorCase) => void
  /** Is called with the directory of a case at an operation before it is looked at. */
  onLook?: (directory: string) => void
}

/** What came of all cases. */
export interface AllErrors {
  cases: ToldErrorCase[]
  /** How many cases there are in what was begun. */
  planned: number
  /** How many histories were begun. */
  rounds: number
}

/** Of the time, so much is for errors at operations; the rest is for devices and volumes. */
const AT_OPERATIONS = 0.6

/** Of so many cases that are asked for, one more is of a device or a volume, which takes longer. */
const CASES_FOR_ONE_REAL = 25

/** A case at an operation is named by its number, and one of a device or a volume by what fails. */
const isAtOperation = (name: string): boolean => /^[\d:-]+\.\d/.test(name)

/** The part of an extent that names such cases, or that share of its time; null where it has none of them. */
function partOf(extent: ErrorExtent, atOperation: boolean): ErrorExtent | null {
  if ('names' in extent) {
    const names = extent.names.filter((name) => isAtOperation(name) === atOperation)
    return names.length === 0 ? null : { names }
  }
  if ('cases' in extent) {
    const ofReal = Math.floor(extent.cases / CASES_FOR_ONE_REAL)
    return atOperation ? extent : ofReal === 0 ? null : { cases: ofReal }
  }
  return { forMs: extent.forMs * (atOperation ? AT_OPERATIONS : 1 - AT_OPERATIONS) }
}

async function atOperations({ onCase, root, ...options }: AllErrorsOptions): Promise<AllErrors> {
  const extent = partOf(options.extent, true)
  if (extent === null) return { cases: [], planned: 0, rounds: 0 }
  const { results, planned, rounds } = await meetErrors({
    ...options,
    extent,
    root: join(root, 'operations'),
    onResult: (result) => onCase(toldAtOperation(result)),
  })
  return { cases: results.map(toldAtOperation), planned, rounds }
}

async function ofRealThings(options: AllErrorsOptions): Promise<Omit<AllErrors, 'rounds'>> {
  const { subject, seed, fileSystem, signal, onCase, isEnough } = options
  const extent = partOf(options.extent, false)
  const nothing = { cases: [], planned: 0 }
  if (extent === null || fileSystem === null) return nothing
  if ((await lacksForRealErrors(fileSystem)).length > 0) return nothing
  const { results, planned } = await meetRealErrors({
    ...{ subject, seed, fileSystem, signal, extent, isEnough },
    onResult: (result) => onCase(toldOfRealError(result)),
  })
  return { cases: results.map(toldOfRealError), planned }
}

/**
 * Has a subject meet errors of every kind: at its operations, of a device, and of a volume that is full. Throws as
 * `meetErrors` and `meetRealErrors`.
 */
export async function meetAllErrors(options: AllErrorsOptions): Promise<AllErrors> {
  const { cases, planned, rounds } = await atOperations(options)
  const real = await ofRealThings(options)
  return { cases: [...cases, ...real.cases], planned: planned + real.planned, rounds }
}
