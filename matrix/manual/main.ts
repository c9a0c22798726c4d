import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../package-root.ts'
import { manualPage } from './page.ts'

const folder = join(packageRoot, 'man')
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'pullplug.1'), await manualPage())
