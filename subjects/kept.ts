import { serveSteps } from '../harness/disk-subject/serve-steps.ts'
import { RESIDENTS } from './residents.ts'

await serveSteps(RESIDENTS)
