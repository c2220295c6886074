import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { EngineError } from '../engine-error.ts';
import type { ThrowawayServer } from './server.ts';
import { startServers } from './start-server.ts';

export interface ThrowawayReplicaSet {
  readonly primary: ThrowawayServer;
  readonly replicas: readonly ThrowawayServer[];
  /** Resolves once every replica has the primary's data and follows it. @throws {EngineError} */
  whenInSync(): Promise<void>;
  /** Ends all of them. */
  stop(): Promise<void>;
}

const POLL_MS = 10;
const SYNC_LIMIT_MS = 30_000;

/** Starts a primary and its replicas, which serve reads and refuse writes. Nothing promotes a replica by itself. @throws {EngineError} */
export async function throwawayReplicaSet({
  replicas: count,
}: {
  replicas: number;
}): Promise<ThrowawayReplicaSet> {
  const password = randomBytes(18).toString('base64url');
  // Any of them may be made to follow another.
  const config = { masterauth: password };
  const [primary] = await startServers(1, { config }, { password });
  if (primary === undefined) throw new Error('One server was asked for, and none came.');
  const following = { config: { ...config, replicaof: `127.0.0.1 ${primary.port}` } };
  const replicas = await startServers(count, following, { password });
  const set: ThrowawayReplicaSet = {
    primary,
    replicas,
    whenInSync: () => whenInSync(replicas),
    stop: async () => {
      await Promise.all([primary, ...replicas].map((server) => server.stop()));
    },
  };
  await set.whenInSync();
  return set;
}

async function whenInSync(replicas: readonly ThrowawayServer[]): Promise<void> {
  const giveUpAt = performance.now() + SYNC_LIMIT_MS;
  for (const replica of replicas) {
    while (!String(await replica.ask('INFO', 'replication')).includes('master_link_status:up')) {
      if (performance.now() > giveUpAt) {
        throw new EngineError(
          'start-failed',
          `A replica has no link to its primary after ${SYNC_LIMIT_MS / 1_000} s.`,
        );
      }
      await delay(POLL_MS);
    }
  }
}
