import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { filled, valuesIn } from './request.ts'
import * as structs from './structs.ts'

/** How linux/fuse.h calls the structs whose name is not that of the constant in small letters. */
const NAMES: Record<string, string> = { FORGET_ONE: 'fuse_forget_one', DIRENT: 'fuse_dirent' }

/** The first bytes of a larger struct, which is all that is read of it. */
const IN_PART = new Set(['INIT_IN'])

test('each struct is as large as that of linux/fuse.h', (ctx) => {
  if (!existsSync('/usr/include/linux/fuse.h')) ctx.skip('linux/fuse.h is not installed')
  const all = Object.entries(structs).filter(([name]) => !IN_PART.has(name))
  const lines = all.map(([name]) => {
    const struct = NAMES[name] ?? `fuse_${name.toLowerCase()}`
    return `printf("${name} %zu\\n", sizeof(struct ${struct}));`
  })
  const folder = temporaryDirectory()
  const source = `#include <stdio.h>\n#include <linux/fuse.h>\nint main() { ${lines.join('\n')} }`
  writeFileSync(join(folder, 'sizes.c'), source)
  try {
    execFileSync('cc', ['-o', 'sizes', 'sizes.c'], { cwd: folder, stdio: 'ignore' })
  } catch {
    ctx.skip('there is no C compiler')
  }
  const sizes = execFileSync(join(folder, 'sizes'), { encoding: 'utf8' }).trim().split('\n')
  expect(all.map(([name, { sizeBytes }]) => `${name} ${sizeBytes}`)).toEqual(sizes)
})

test('what is filled in is read again', () => {
  const values = { len: 3, error: 0xffff_fffb, unique: 2 ** 40 + 7 }
  const { len, error, unique } = valuesIn(structs.OUT_HEADER, filled(structs.OUT_HEADER, values))
  expect({ len, error, unique }).toEqual(values)
  const { padding, size } = valuesIn(structs.WRITE_OUT, filled(structs.WRITE_OUT, { size: 5n }))
  expect([size, padding]).toEqual([5, 0])
})
