import { openSync } from 'node:fs'
import { expect, test } from 'vitest'
import { memoryDisk } from '../../wal/memory-disk.ts'
import { Wal } from '../../wal/wal.ts'
import { isMachineError, isSystemError, refusalInWords, reportError } from './error-report.ts'

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: as the system says it`), { code })
}

function caught(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

test('an error is reported by its code, its message, and the system’s error beneath it', () => {
  const error = Object.assign(
    new Error('appending failed', {
      cause: new Error('between', { cause: systemError('ENOSPC') }),
    }),
    { code: 'DISK_FAILED' },
  )
  expect(reportError(error)).toEqual({
    code: 'DISK_FAILED',
    message: 'appending failed',
    osCode: 'ENOSPC',
  })
})

test('a real system error is its own', () => {
  const report = reportError(caught(() => openSync('/there/is/no/such/file', 'r')))
  expect(report).toMatchObject({ code: 'ENOENT', osCode: 'ENOENT' })
})

test('a full disk under our log is found beneath its error', () => {
  const write = (): never => {
    throw systemError('ENOSPC')
  }
  const disk = { ...memoryDisk(), write }
  const report = reportError(caught(() => Wal.open('/log', { disk, environment: {} })))
  expect(report).toMatchObject({ code: 'DISK_FAILED', osCode: 'ENOSPC' })
  expect(refusalInWords(report)).toMatch(/^the machine failed: DISK_FAILED: .*ENOSPC/)
})

test('a subject’s code that only looks like a system’s does not hide the one beneath it', () => {
  const error = Object.assign(new Error('x', { cause: systemError('EIO') }), { code: 'EMPTYLOG' })
  expect(reportError(error)).toMatchObject({ code: 'EMPTYLOG', osCode: 'EIO' })
})

test('what is not an error, has no code, or is its own cause is reported all the same', () => {
  expect(reportError('text')).toEqual({ code: 'Error', message: 'text', osCode: null })
  expect(reportError(new TypeError('no'))).toEqual({
    code: 'TypeError',
    message: 'no',
    osCode: null,
  })
  const circular = new Error('round')
  circular.cause = circular
  expect(reportError(circular)).toMatchObject({ message: 'round', osCode: null })
})

test.each([
  ...[
    'ENOSPC',
    'EDQUOT',
    'EIO',
    'EROFS',
    'EMFILE',
    'ENFILE',
    'ENOMEM',
    'EACCES',
    'EPERM',
    'ENODEV',
    'EBADMSG',
    'ESTALE',
    'ENOTCONN',
    'EREMOTEIO',
    'EUCLEAN',
  ],
  // EUCLEAN, EBADMSG and ESTALE, as Node calls them.
  'Unknown system error -117',
  'Unknown system error -74',
  'Unknown system error -116',
])('%s is the machine’s doing', (code) => {
  const report = reportError(systemError(code))
  expect(isMachineError(report)).toBe(true)
  expect(refusalInWords(report)).toMatch(/^the machine failed: /)
})

test.each([
  'ENOENT',
  'EBADF',
  'EINVAL',
  'EEXIST',
  'EISDIR',
  'WAL_CORRUPT_INVALID_JSON',
  'EMPTYLOG',
])('%s is the subject’s', (code) => {
  const report = reportError(systemError(code))
  expect(isMachineError(report)).toBe(false)
  expect(refusalInWords(report)).toMatch(/^the subject refused: /)
})

test.each(['EBADMSG', 'ENOTDIR', 'ELOOP', 'ESTALE', 'EFTYPE', 'Unknown system error -74'])(
  '%s, met by the harness as it looks, is the system’s answer, also beneath an error of its own',
  (code) => {
    expect(isSystemError(systemError(code))).toBe(true)
    expect(isSystemError(new Error('cannot be read', { cause: systemError(code) }))).toBe(true)
  },
)

test.each([
  new TypeError('x is not a function'),
  Object.assign(new TypeError('not a path'), { code: 'ERR_INVALID_ARG_TYPE' }),
  systemError('EMPTYLOG'),
  new Error('no'),
  'text',
])('a mistake of the harness is not taken for the system’s answer: %s', (error) => {
  expect(isSystemError(error)).toBe(false)
})
