import { serveAsRecoverer } from '../harness/disk-subject/recoverer.ts'
import { RESIDENTS } from './residents.ts'

await serveAsRecoverer(RESIDENTS)
