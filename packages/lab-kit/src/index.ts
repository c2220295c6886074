export { CheckFailed, fail, type FailureDetails } from './check-failed.ts';
export { sameValue, type CheckContext } from './check-context.ts';
export { defineLab, type Check, type Lab, type LearnerStore, type Shape } from './lab.ts';
export { errorOf, Observation, rowsOf, withoutComments } from './observation.ts';
export { marks } from './fixture.ts';
export { orFailure } from './or-failure.ts';
export { runLab, type RunLabOptions } from './run-lab.ts';
export { SpaceError } from './space-error.ts';
export type { EngineUrls } from './space.ts';
export type { TranscriptLine } from './transcript.ts';
export type { CheckVerdict, Verdict } from './verdict.ts';
export type { MysqlEvent, RedisEvent, WireEvent } from '@workshop/wiretap';
export { CallFailed, CallHung, LoadFailed, ProcessEnded } from './sandbox/errors.ts';
export { defaultLimits, type Limits } from './sandbox/learner-process.ts';
export { FolderError, openFolder, type CheckedFolder } from './learner/checked-folder.ts';
export { labFolders, storeFile, type LabFolders } from './learner/paths.ts';
export {
  noteStarted,
  noteVerdict,
  readProgress,
  type LabProgress,
  type Progress,
} from './learner/progress.ts';
export { resetWork, startWork } from './learner/work-folder.ts';
export { Report, type ReportOptions } from './terminal/report.ts';
export { lookOf, painter, wrap, type Look } from './terminal/style.ts';
export { swimlanes } from './terminal/swimlanes.ts';
