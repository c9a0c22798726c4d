import { join } from 'node:path'
import { packageRoot } from './package-root.ts'

/** The esbuild of this machine, which an emulated Node can start as it is. */
export const ESBUILD: string = join(
  packageRoot,
  'node_modules',
  '@esbuild',
  `${process.platform}-${process.arch}`,
  'bin',
  'esbuild',
)
