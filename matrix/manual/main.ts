import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../package-root.ts'
import { manualPage } from './page.ts'

writeFileSync(join(packageRoot, 'man', 'pullplug.1'), await manualPage())
