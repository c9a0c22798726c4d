import { serveAsVictim } from '../harness/disk-subject/victim.ts'
import { RESIDENTS } from './residents.ts'

// Not awaited, so that the build can put it into a CommonJS file.
void serveAsVictim(RESIDENTS)
