import { chmod, chown, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { makeState, query, run, upElsewhere, type TestState } from './support.ts';

// Root plays a user who is nobody; anybody else is a normal user already.
const NOBODY = 65_534;
const uid = process.getuid!() === 0 ? NOBODY : process.getuid!();

let state: TestState;
beforeAll(async () => {
  state = await makeState();
  if (uid === NOBODY) {
    await chown(state.stateDir, NOBODY, NOBODY);
    await chmod(state.stateDir, 0o700);
  }
});
afterAll(() => state.remove());

test('a normal user has engines of their own', async () => {
  const { stdout } = await upElsewhere(state.stateDir, uid === NOBODY ? uid : undefined);
  const engines = z.object({ mysqlUrl: z.string(), redisUrl: z.string() }).parse(JSON.parse(stdout));
  expect(await query(engines.mysqlUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  const pids = await state.pids();
  for (const name of ['mysql', 'redis']) {
    const { stdout: owner } = await run('ps', ['-o', 'uid=', '-p', String(pids[name])]);
    expect(Number(owner)).toBe(uid);
  }
  const data = await stat(path.join(state.stateDir, 'engines', 'mysql', 'data', 'workshop.json'));
  expect([data.uid, data.mode & 0o777]).toEqual([uid, 0o600]);
});
