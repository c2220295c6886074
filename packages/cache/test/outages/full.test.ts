import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { throwawayRedis, throwawayReplicaSet, type ThrowawayServer } from '@workshop/engines/throwaway';
import { assert, expect, it, onTestFinished, vi } from 'vitest';
import { Redis } from 'ioredis';
import { cacheClientOptions } from '../../src/index.ts';
import { makeClients } from '../contract/clients.ts';
import { weather } from './outage.ts';

const PATIENCE = { timeout: 20_000, interval: 10 };

it('Redis is full (OOM), with nothing that it may evict', async () => {
  const redis = await throwawayRedis({ maxmemory: '16mb', maxmemoryPolicy: 'noeviction' });
  onTestFinished(() => redis.stop());
  await weather({
    weather: 'OOM, noeviction',
    clients: () => makeClients({ kind: 'single', url: redis.url }),
    begin: () => redis.fill(),
    reads: 2_000,
    end: () => redis.ask('FLUSHALL'),
    waitsFor: 'answers',
  });
});

it('Redis cannot save, and refuses writes (MISCONF)', async () => {
  const redis = await throwawayRedis({ config: { save: '3600 1', 'stop-writes-on-bgsave-error': 'yes' } });
  onTestFinished(() => redis.stop());
  const file = path.join(redis.dataDir, 'dump.rdb');
  const save = async (status: string) => {
    await redis.ask('BGSAVE');
    await vi.waitFor(
      async () =>
        expect(await redis.ask('INFO', 'persistence')).toContain(`rdb_last_bgsave_status:${status}`),
      PATIENCE,
    );
  };
  await weather({
    weather: 'MISCONF, it cannot save',
    clients: () => makeClients({ kind: 'single', url: redis.url }),
    begin: async () => {
      // A folder with something in it, where the file is to go.
      await mkdir(path.join(file, 'in the way'), { recursive: true });
      await save('err');
      await expect(redis.ask('SET', 'key', 'value')).rejects.toThrow('MISCONF');
    },
    reads: 2_000,
    end: async () => {
      await rm(file, { recursive: true });
      await save('ok');
    },
    waitsFor: 'answers',
  });
});

it('the primary is made a replica of another, and refuses writes (READONLY)', async () => {
  const set = await throwawayReplicaSet({ replicas: 1 });
  onTestFinished(() => set.stop());
  const { primary } = set;
  const [other] = set.replicas;
  assert(other !== undefined);
  /** A planned failover: the new primary has all that the old one had confirmed. */
  const swap = async (from: ThrowawayServer, to: ThrowawayServer) => {
    await from.ask('FAILOVER');
    await vi.waitFor(async () => {
      expect(String(await from.ask('ROLE'))).toMatch(/^slave,.*,connected,/);
      expect(String(await to.ask('ROLE'))).toMatch(/^master,/);
    }, PATIENCE);
  };
  await weather({
    weather: 'READONLY, demoted to a replica',
    clients: () => makeClients({ kind: 'single', url: primary.url }),
    begin: async () => {
      await swap(primary, other);
      await expect(primary.ask('SET', 'key', 'value')).rejects.toThrow('READONLY');
    },
    reads: 2_000,
    end: () => swap(other, primary),
    // Until it is carried out, a failover keeps all writes waiting, so that none is lost.
    waitsFor: 'time-out',
  });
});

it('the same, with a client that connects anew at each such refusal, as a failover of an endpoint needs it', async () => {
  const redis = await throwawayRedis();
  onTestFinished(() => redis.stop());
  const other = await throwawayRedis();
  onTestFinished(() => other.stop());
  await weather({
    weather: 'READONLY, reconnecting each time',
    clients: () => {
      const client = new Redis(redis.url, {
        ...cacheClientOptions,
        reconnectOnError: (error) => error.message.startsWith('READONLY'),
      });
      client.on('error', () => {});
      return { options: { redis: client }, close: () => client.disconnect() };
    },
    // Its primary never lets it in, so that it keeps what it has.
    begin: () => redis.ask('REPLICAOF', '127.0.0.1', other.port),
    reads: 2_000,
    end: () => redis.ask('REPLICAOF', 'NO', 'ONE'),
    waitsFor: 'answers',
  });
});
