import { writeSync } from 'node:fs'
import { ANSWERS_FD } from '../../../harness/process/answers.ts'
import { digestOfPlans } from './plans-digest.ts'

/** A process that makes the plans on the architecture that it runs on, and tells their digest. */
writeSync(ANSWERS_FD, digestOfPlans())
