import { serveAsWriter } from '../harness/power-cut/writer.ts'
import { RESIDENTS } from './residents.ts'

await serveAsWriter(RESIDENTS)
