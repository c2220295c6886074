export { findInstalledServer } from './find-server.ts';
export { throwawayRedis } from './start-server.ts';
export type { ThrowawayOptions, ThrowawayUser } from './start-server.ts';
export type { ThrowawayServer } from './server.ts';
export { throwawayReplicaSet, type ThrowawayReplicaSet } from './replica-set.ts';
export { throwawayCluster, type ThrowawayCluster, type ThrowawayClusterOptions } from './cluster.ts';
