export { createApp } from './app.ts';
export type { AppOptions } from './app.ts';
export type {
  ArticleStore,
  Engine,
  EngineState,
  PlanLine,
  QueryResult,
  Source,
  Watched,
} from './store/article-store.ts';
export {
  ConfigError,
  readConfig,
  settingsBySource,
  STACK_OUTPUTS,
  StackError,
  unusedStack,
} from './config/index.ts';
export type { Config, LogLevel, ReadOptions, SettingName, SettingSource } from './config/index.ts';
export { createDemoStore } from './store/demo-store.ts';
export type { DemoStoreOptions } from './store/demo-store.ts';
export type { MysqlFigures, RedisFigures } from './dashboard/sources.ts';
export { EngineAwayError, StoreError } from './errors.ts';
export type { AwayReason } from './errors.ts';
export type { BreakableRedis } from './faults/breakable-redis.ts';
export type { Unbreakable } from './faults/break-page.ts';
export { Faults } from './faults/faults.ts';
export type { FaultChange } from './faults/faults.ts';
export { createLogger } from './logging.ts';
export { ListenError, startServer } from './server.ts';
export type { RunningServer, StartOptions } from './server.ts';
export { readQuery } from './queries/index.ts';
export type { Query } from './queries/query.ts';
export { searchOf } from './queries/scan.ts';
export type { Step } from './pages/steps.ts';
