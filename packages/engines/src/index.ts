export { enginesUp, type Engines } from './engines-up.ts';
export { enginesDown, enginesReset, type StoppedEngine } from './engines-down.ts';
export {
  enginesLogs,
  enginesStatus,
  type EngineLog,
  type EngineState,
  type EngineStatus,
} from './engines-status.ts';
export { EngineError, type EngineErrorCode } from './engine-error.ts';
export { withFolderLock } from './folder-lock.ts';
export type { EngineOptions } from './open-context.ts';
export type { EngineSource } from './providers/provider.ts';
export { stateDir } from './settings.ts';
export { formatStatus, type TableOptions } from './status-table.ts';
