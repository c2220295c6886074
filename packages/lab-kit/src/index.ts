export { CheckFailed, fail, type FailureDetails } from './check-failed.ts';
export { sameValue, type AnotherProcess, type CheckContext } from './check-context.ts';
export {
  defineLab,
  type Check,
  type Hints,
  type Lab,
  type LearnerStore,
  type Shape,
  type SolutionLines,
} from './lab.ts';
export type { ClusterNode, LabCluster, NodeCounts } from './lab-cluster.ts';
export { errorOf, Observation, rowsOf, withoutComments } from './observation.ts';
export { marks } from './fixture.ts';
export { orFailure } from './or-failure.ts';
export { defaultLanes, LabSession, type LabSessionOptions, type RunOptions } from './lab-session.ts';
export { runLab, type RunLabOptions } from './run-lab.ts';
export { LiveStore, type LiveAnswer, type LiveStoreOptions } from './live-store.ts';
export { SpaceError } from './space-error.ts';
export type { EngineUrls } from './space.ts';
export type { TranscriptLine } from './transcript.ts';
export type { CheckVerdict, Verdict } from './verdict.ts';
export type { MysqlEvent, RedisEvent, WireEvent } from '@workshop/wiretap';
export { CallFailed, CallHung, LoadFailed, ProcessEnded } from './sandbox/errors.ts';
export type { Harness, StoreOptions } from './sandbox/protocol.ts';
export { defaultLimits, type Limits } from './sandbox/learner-process.ts';
export { openFolder, type CheckedFolder } from './learner/checked-folder.ts';
export { FolderError, isErrno } from './learner/folder-error.ts';
export { labFolders, storeFile, type LabFolders } from './learner/paths.ts';
export {
  currentLab,
  isBySolution,
  nextLab,
  noteHint,
  noteReplaced,
  noteSkipped,
  noteStarted,
  noteVerdict,
} from './learner/progress.ts';
export { readProgress, type ProgressFile } from './learner/progress-file.ts';
export type { LabProgress, Progress } from './learner/progress-format.ts';
export { findSolutionLines, type FoundLines } from './learner/solution-lines.ts';
export { WorkWatcher } from './learner/work-watcher.ts';
export { isWork, lastSave, replaceWork, startWork, type Replaced } from './learner/work-folder.ts';
export { Report, type ReportOptions } from './terminal/report.ts';
export { WatchReport } from './terminal/watch-report.ts';
export { lookOf, painter, type Look } from './terminal/style.ts';
export { padEnd, printable, textWidth, wrap } from './terminal/text.ts';
export { swimlanes } from './terminal/swimlanes.ts';
