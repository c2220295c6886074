import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { makeState, query, until, upElsewhere, type TestState } from './support.ts';

let state: TestState;
beforeAll(async () => {
  state = await makeState();
});
afterAll(() => state.remove());

const answer = z.object({ mysqlUrl: z.string(), redisUrl: z.string(), lines: z.array(z.string()) });

test('two commands at once start one engine of each', async () => {
  const both = await Promise.all([upElsewhere(state.stateDir), upElsewhere(state.stateDir)]);
  const [one, other] = both.map(({ stdout }) => answer.parse(JSON.parse(stdout)));
  expect(other!.mysqlUrl).toBe(one!.mysqlUrl);
  expect(other!.redisUrl).toBe(one!.redisUrl);
  const lines = [...one!.lines, ...other!.lines];
  expect(lines.filter((line) => line.startsWith('Starting'))).toHaveLength(2);
  // Each server logs each of its starts.
  const mysqlLog = await readFile(path.join(state.stateDir, 'engines/mysql/mysql.log'), 'utf8');
  expect(mysqlLog.match(/ready for connections/g)).toHaveLength(1);
  const redisLog = await readFile(path.join(state.stateDir, 'engines/redis/redis.log'), 'utf8');
  expect(redisLog.match(/Ready to accept connections/g)).toHaveLength(1);
});

test('the engines outlive the command that started them', async () => {
  const pids = await state.pids();
  const again = await state.up();
  expect(again.sources).toEqual({ mysql: 'native', redis: 'native' });
  expect(await state.pids()).toEqual(pids);
  expect(state.takeLines()).toEqual([]);
});

test('a command that is killed while it starts an engine leaves no riddle', async () => {
  await state.takeDown();
  state.takeLines();
  const first = upElsewhere(state.stateDir);
  const records = path.join(state.stateDir, 'engines', 'engines.json');
  await until(async () => (await readFile(records, 'utf8')).includes('"mysql"'));
  first.child.kill('SIGKILL');
  await expect(first).rejects.toMatchObject({ signal: 'SIGKILL' });
  const { mysql } = await state.pids();
  expect(mysql).toBeGreaterThan(0);

  const engines = await state.up();

  expect(await query(engines.mysqlUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(await state.pids()).toMatchObject({ mysql });
});
