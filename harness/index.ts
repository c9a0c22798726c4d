export { type ControlResult, catchControl } from './controls/catch.ts'
export type { Control } from './controls/control.ts'
export type { SubjectHome } from './disk-subject/home.ts'
export type {
  OpenSubject,
  Payload,
  Subject,
  SubjectEntry,
  SubjectTools,
} from './disk-subject/subject.ts'
export { iterationsAtEveryPoint } from './kill/every-point.ts'
export { type Fault, faultsInWords } from './kill/faults/index.ts'
export type { Iteration, IterationResult } from './kill/iteration.ts'
export { iterationsOfPlan } from './kill/iterations-of-plan.ts'
export { Lanes, type LanesOptions } from './kill/lanes.ts'
export type { Failure, FailureName } from './oracle/failure.ts'
export { type Inspection, judge, judgeRot, type Survey } from './oracle/judge.ts'
export { type PlannedIteration, planIteration } from './plan/plan.ts'
export { payloadsOf, type Workload } from './plan/workload.ts'
export { cutPower, type Extent } from './power-cut/campaign.ts'
export type { Campaign } from './power-cut/campaign-result.ts'
export { Rig, type RigOptions } from './power-cut/rig.ts'
export { MachineError } from './process/machine-error.ts'
export { createVolume, type Volume, type VolumeOptions } from './volume/volume.ts'
