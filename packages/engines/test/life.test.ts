import { spawn } from 'node:child_process';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probeRedis, withRedis } from '../src/probe.ts';
import { enginesDown, enginesLogs, enginesStatus, type Engines } from '../src/index.ts';
import { isAlive, killHard, makeState, nativeEnv, query, run, takePort, type TestState } from './support.ts';

// One state folder lives through all of this, in this order: starting engines is what takes the time. Its path has spaces, and is
// longer than the 107 bytes that a socket's address holds.
describe('engines that this machine has', () => {
  let state: TestState;
  let first: Engines;
  let home: string;

  beforeAll(async () => {
    state = await makeState('a folder with spaces', 'so deep '.repeat(9), "and a 'quote'");
    home = path.join(state.stateDir, 'engines');
    first = await state.up();
  });
  afterAll(() => state.remove());

  const options = () => ({
    stateDir: state.stateDir,
    env: nativeEnv,
    onProgress: (line: string) => void state.lines.push(line),
  });
  const ask = (url: string, ...words: [string, ...string[]]) =>
    withRedis(url, { timeoutMs: 5_000 }, (redis) => redis.call(...words));

  test('start from nothing, with a line for each step', async () => {
    // Nothing holds a port between its choice and the start: another program may take it, and then a line says so.
    const lines = state.takeLines().filter((line) => !line.startsWith('Port '));
    expect(lines).toEqual([
      expect.stringMatching(/^Making a private (MySQL|MariaDB) data folder in /),
      expect.stringMatching(/^Starting (MySQL|MariaDB) [\d.]+ on 127\.0\.0\.1:\d+$/),
      expect.stringMatching(/^Starting (Redis|Valkey) [\d.]+ on 127\.0\.0\.1:\d+$/),
    ]);
    expect(first.mysqlUrl).toMatch(/^mysql:\/\/workshop:[\w-]{32}@127\.0\.0\.1:\d+\/workshop$/);
    expect(first.redisUrl).toMatch(/^redis:\/\/:[\w-]{32}@127\.0\.0\.1:\d+\/0$/);
    expect(first.versions.mysql).toMatch(/^\d+\.\d+\.\d+(-MariaDB)?$/);
    expect(first.versions.redis).toMatch(/^\d+\.\d+\.\d+(-Valkey)?$/);
    expect(first.sources).toEqual({ mysql: 'native', redis: 'native' });
  });

  test('let the user make databases and users, and behave alike whatever the brand', async () => {
    const [settings] = await query(
      first.mysqlUrl,
      'SELECT DATABASE() db, @@sql_mode modes, @@time_zone zone, @@local_infile local_files, @@character_set_server charset',
    );
    expect(settings).toMatchObject({ db: 'workshop', zone: '+00:00', local_files: 1, charset: 'utf8mb4' });
    expect(settings!['modes']).toContain('ONLY_FULL_GROUP_BY');
    await query(first.mysqlUrl, 'CREATE DATABASE other');
    await query(first.mysqlUrl, "CREATE USER 'reader'@'127.0.0.1' IDENTIFIED BY 'only-reads'");
    await query(first.mysqlUrl, "GRANT SELECT ON other.* TO 'reader'@'127.0.0.1'");
    const reader = new URL(first.mysqlUrl);
    Object.assign(reader, { username: 'reader', password: 'only-reads', pathname: '/other' });
    expect(await query(reader.href, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('admit nobody without the password, root neither', async () => {
    const { port } = new URL(first.mysqlUrl);
    for (const user of ['root', 'workshop', '']) {
      for (const where of [{ host: '127.0.0.1', port: Number(port) }, { socketPath: 'mysql.sock' }]) {
        // A relative address, as the server's own: the whole path would be too long.
        const before = process.cwd();
        process.chdir(path.join(home, 'mysql', 'data'));
        const attempt = createConnection({ ...where, user });
        process.chdir(before);
        await expect(attempt).rejects.toThrow(/Access denied/);
      }
    }
    await expect(
      probeRedis(first.redisUrl.replace(/:[\w-]{32}@/, ''), { timeoutMs: 5_000 }),
    ).rejects.toMatchObject({
      trouble: 'denied',
    });
  });

  test('listen on 127.0.0.1 only', async () => {
    for (const url of [first.mysqlUrl, first.redisUrl]) {
      // All of 127/8 is this machine, but only one address of it is listened on. (macOS has no other.)
      const socket = connect({
        host: process.platform === 'linux' ? '127.0.0.2' : '::1',
        port: Number(new URL(url).port),
      });
      await expect(
        new Promise((resolve, reject) => {
          socket.once('connect', resolve);
          socket.once('error', reject);
        }),
      ).rejects.toThrow(/ECONNREFUSED|EADDRNOTAVAIL/);
      socket.destroy();
    }
  });

  test('keep their secrets in folders and files of their own', async () => {
    const password = (await readFile(path.join(home, 'password'), 'utf8')).trim();
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    for (const file of [
      'password',
      'engines.json',
      'mysql/access.sql',
      'redis/redis.conf',
      'mysql/mysql.log',
    ]) {
      expect([file, (await stat(path.join(home, file))).mode & 0o777]).toEqual([file, 0o600]);
    }
    const { stdout: processes } = await run('ps', ['-eww', '-o', 'args=']);
    expect(processes).toContain(path.join(home, 'mysql'));
    const logs = await enginesLogs({ ...options(), lines: 10_000 });
    expect(logs.map(({ name }) => name)).toEqual(['mysql', 'redis']);
    const shown = [processes, await readFile(path.join(home, 'engines.json'), 'utf8'), JSON.stringify(logs)];
    shown.push(JSON.stringify(await enginesStatus(options())), ...state.lines);
    for (const text of shown) expect(text).not.toContain(password);
  });

  test('stay as they are when they are up', async () => {
    const pids = await state.pids();
    expect(await state.up()).toEqual(first);
    expect(await state.pids()).toEqual(pids);
    expect(state.takeLines()).toEqual([]);
  });

  test('are found dead when they were killed, and started again with their data', async () => {
    await query(first.mysqlUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const before = await state.pids();
    await killHard(before['mysql']!);
    await killHard(before['redis']!);
    expect(await enginesStatus(options())).toMatchObject([
      { name: 'mysql', state: 'died' },
      { name: 'redis', state: 'died' },
    ]);

    expect(await state.up()).toEqual(first);

    const after = await state.pids();
    expect(after['mysql']).not.toBe(before['mysql']);
    expect(after['redis']).not.toBe(before['redis']);
    expect(state.takeLines()).toContainEqual(
      expect.stringContaining(`(mysql, pid ${before['mysql']}) is no longer running; starting it again.`),
    );
    expect(await query(first.mysqlUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  test('are found again when engines.json is damaged', async () => {
    const before = await state.pids();
    await writeFile(path.join(home, 'engines.json'), '{"version": 1, "engines": {"mysql": {"pid"');
    expect(await state.up()).toEqual(first);
    expect(await state.pids()).toEqual(before);
    expect(state.takeLines()).toEqual([expect.stringContaining('is damaged or of another version')]);
  });

  test('are told a new password when its file is lost', async () => {
    await rm(path.join(home, 'password'));
    const now = await state.up();
    expect(now.mysqlUrl).not.toBe(first.mysqlUrl);
    expect(await query(now.mysqlUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await expect(query(first.mysqlUrl, 'SELECT 1')).rejects.toThrow(/Access denied/);
    first = now;
    expect(state.takeLines()).toContainEqual(
      expect.stringContaining('has another password than the one on file'),
    );
  });

  test('are the only ones that are stopped, and keep their data', async () => {
    await ask(first.redisUrl, 'SET', 'kept', 'yes');
    const pids = await state.pids();
    const stranger = spawn('sleep', ['1000']);
    // What a machine's restart leaves: a record whose number is another process's now.
    const records = path.join(home, 'engines.json');
    const known = JSON.parse(await readFile(records, 'utf8'));
    known.engines['cluster-1'] = {
      ...known.engines.redis,
      process: { pid: stranger.pid, started: 'another boot:1' },
    };
    await writeFile(records, JSON.stringify(known));

    const stopped = await enginesDown(options());

    expect(stopped.map(({ name, pid }) => ({ name, pid }))).toEqual([
      { name: 'mysql', pid: pids['mysql'] },
      { name: 'redis', pid: pids['redis'] },
    ]);
    const alive = [pids['mysql']!, pids['redis']!, stranger.pid!].map(isAlive);
    expect(await Promise.all(alive)).toEqual([false, false, true]);
    stranger.kill();
    expect(await enginesDown(options())).toEqual([]);
    expect(await enginesStatus(options())).toMatchObject([
      { name: 'mysql', state: 'stopped' },
      { name: 'redis', state: 'stopped' },
    ]);
    state.takeLines();
  });

  test('take another port when somebody has theirs', async () => {
    const ports = [first.mysqlUrl, first.redisUrl].map((url) => Number(new URL(url).port));
    const thieves = await Promise.all(ports.map(takePort));
    const now = await state.up();
    await Promise.all(thieves.map((thief) => new Promise((resolve) => thief.close(resolve))));
    expect([now.mysqlUrl, now.redisUrl].map((url) => Number(new URL(url).port))).not.toEqual(ports);
    expect(state.takeLines().filter((line) => line.includes('is taken by another program'))).toHaveLength(2);
    expect(await query(now.mysqlUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(await ask(now.redisUrl, 'GET', 'kept')).toBe('yes');
    first = now;
  });

  test('say that they do not answer when they hang', async () => {
    const { redis } = await state.pids();
    process.kill(redis!, 'SIGSTOP');
    const [, status] = await enginesStatus(options());
    process.kill(redis!, 'SIGCONT');
    expect(status).toMatchObject({ name: 'redis', state: 'not answering', pid: redis });
  });

  test('that end at their start show the end of their log', async () => {
    const { redis } = await state.pids();
    await killHard(redis!);
    await writeFile(path.join(home, 'redis', 'data', 'dump.rdb'), 'this is no Redis data');
    await expect(state.up()).rejects.toMatchObject({
      code: 'start-failed',
      message: expect.stringMatching(/ended at its start \(.*\).*(damaged|log).*redis\.log/s),
    });
    await rm(path.join(home, 'redis', 'data', 'dump.rdb'));
    first = await state.up();
  });

  test('leave nothing when they are reset', async () => {
    const pids = await state.pids();
    await state.remove();
    expect(await Promise.all([isAlive(pids['mysql']!), isAlive(pids['redis']!)])).toEqual([false, false]);
    await expect(readdir(home)).rejects.toThrow('ENOENT');
  });
});
