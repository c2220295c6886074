import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { assert, describe, expect, it, onTestFinished } from 'vitest';
import { CacheClosedError, createCache } from '../../../src/index.ts';
import { testPrefix } from '../../support.ts';
import type { Bench } from '../bench.ts';
import { makeClients } from '../clients.ts';
import { TTL } from '../bench.ts';

/** What is left when a cache is closed: nothing. */
export function closing({ topology }: Bench): void {
  describe('close', () => {
    it('leaves the clients to their owner, and makes every later call say so', async () => {
      const clients = makeClients(topology().connection);
      onTestFinished(() => clients.close());
      const cache = createCache({ ...clients.options, prefix: testPrefix(), timeoutMs: 10_000 });
      await cache.set('key', 1, TTL);
      await cache.close();
      await cache.close();
      await expect(cache.getOrLoad('key', () => 1, TTL)).rejects.toThrow(CacheClosedError);
      assert(typeof clients.options.redis !== 'string');
      expect(clients.options.redis.status).toBe('ready');
    });

    it('leaves no handle: a process that has used all of it ends by itself', async () => {
      const program = fileURLToPath(new URL('../programs/whole-life.ts', import.meta.url));
      const work = JSON.stringify({ connection: topology().connection, prefix: testPrefix() });
      const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program, work], {
        cwd: fileURLToPath(new URL('.', import.meta.url)),
      });
      expect(JSON.parse(stdout)).toEqual({ left: [], hits: expect.any(Number), faults: 0 });
    });
  });
}
