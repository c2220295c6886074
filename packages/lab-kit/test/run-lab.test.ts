import { Redis } from 'ioredis';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CheckFailed, fail } from '../src/check-failed.ts';
import type { CheckContext } from '../src/check-context.ts';
import { defineLab, type LearnerStore } from '../src/lab.ts';
import { orFailure } from '../src/or-failure.ts';
import { runLab } from '../src/run-lab.ts';
import { noHints, scratchFolder, storeSource } from './support.ts';
import { clients, engines, verifier, type Run, type Store } from './verify.ts';

const folder = await scratchFolder();
let mysql: Connection;
let redis: Redis;
beforeAll(async () => {
  mysql = await createConnection(engines.mysqlUrl);
  redis = new Redis(engines.redisUrl);
});
afterAll(async () => {
  redis.disconnect();
  await mysql.end();
  await folder.remove();
});

const verify = verifier(folder);
const call: Run = async ({ store }) => String(await store.run());

describe('a run', () => {
  test('gives a verdict with what was expected and seen', async () => {
    const verdict = await verify(
      storeSource({ run: 'return 1' }),
      async ({ store }) => `saw ${String(await store.run())}`,
      async ({ store }) =>
        fail(`saw ${String(await store.run())}, twice`, { mistake: 'm', leadsTo: 'l', hint: 'h' }),
    );
    expect(verdict).toMatchObject({ lab: '42', passed: false });
    expect(verdict.checks).toEqual([
      { id: 'c0', title: 'check 0', passed: true, expected: 'it', observed: 'saw 1', hint: 'there' },
      {
        id: 'c1',
        title: 'check 1',
        passed: false,
        expected: 'it',
        observed: 'saw 1, twice',
        hint: 'h',
        mistake: 'm',
        leadsTo: 'l',
      },
    ]);
  });

  test('records what reached MySQL and Redis, in order, by check', async () => {
    const source = storeSource(
      {
        run: `await redis.set('k', 'v', 'EX', 60);
              const [rows] = await pool.execute('SELECT Title FROM articles WHERE OBJECTID < ?', [4]);
              await redis.get('k');
              return rows.length`,
        close: 'redis.disconnect(); await pool.end()',
      },
      `${clients} let redis: any, pool: any;`,
    ).replace(
      'return {',
      'redis = new Redis(options.redisUrl); pool = createPool(options.mysqlUrl); return {',
    );
    const verdict = await verify(source, async ({ store, observe }) => {
      const seen = await observe(() => store.run());
      expect(seen.value).toBe(3);
      expect(seen.selects).toHaveLength(1);
      expect(seen.rowsRead).toBe(3);
      expect(seen.mysqlConnects).toBe(1);
      expect(seen.commands('SET', 'GET').map((event) => event.name)).toEqual(['SET', 'GET']);
      return 'ok';
    });
    expect(verdict.checks[0]?.observed).toBe('ok');
    const lines = verdict.transcript.map((line) => `${line.lane}: ${line.request} -> ${line.reply}`);
    expect(lines.filter((line) => !/PREPARE|HELLO|CLIENT|INFO/.test(line))).toEqual([
      'call: run() -> 3',
      'redis: SET k v EX 60 -> OK',
      'mysql: SELECT Title FROM articles WHERE OBJECTID < ?  [4] -> 3 rows',
      'redis: GET k -> v',
    ]);
  });

  test('goes on in a new process after a failure, and stops after the third loss', async () => {
    const source = storeSource({ run: `if (args[0] === 'exit') process.exit(3); return ++n` }, 'let n = 0;');
    const exit: Run = async ({ store }) => String(await store.run('exit'));
    const verdict = await verify(source, call, call, exit, call, exit, exit, call);
    expect(verdict.checks.map((check) => check.skipped ?? check.observed)).toEqual([
      '1',
      '2',
      "the process ended during run('exit') (exit code 3)",
      '1',
      "the process ended during run('exit') (exit code 3)",
      "the process ended during run('exit') (exit code 3)",
      true,
    ]);
  });

  test('of a file that does not load says so once and skips the rest', async () => {
    const verdict = await verify('syntax error here', call, call);
    expect(verdict.checks[0]?.observed).toContain('syntax error: ');
    expect(verdict.checks[1]).toMatchObject({ passed: false, skipped: true });
  });

  test('holds what a call returns to the shape that the lab asks for', async () => {
    const entry = await folder.write(
      'shapes/article-store.ts',
      storeSource({ rows: 'return args[0]', row: 'return args[0]' }),
    );
    const shapes = { rows: 'rows', row: 'row' } as const;
    interface Shaped extends LearnerStore {
      rows(value: unknown): Promise<unknown>;
      row(value: unknown): Promise<unknown>;
    }
    const fine: unknown[][] = [[], [{}]];
    const check = {
      id: 'c',
      title: '',
      expected: '',
      hint: '',
      hints: noHints,
      run: async ({ store }: CheckContext<Shaped>) => {
        for (const value of fine) await store.rows(value);
        for (const value of [undefined, { a: 1 }]) await store.row(value);
        const refused: string[] = [];
        for (const [method, value] of [
          ['rows', undefined],
          ['rows', [null]],
          ['rows', 'text'],
          ['row', null],
          ['row', []],
        ] as const) {
          await store[method](value).catch((error: Error) => refused.push(error.message));
        }
        return refused.join('; ');
      },
    };
    const lab = defineLab<Shaped>({
      id: '42',
      name: 'x',
      title: '',
      minutes: 1,
      returns: shapes,
      checks: [check],
    });
    const verdict = await runLab({ lab, entry, engines });
    expect(verdict.checks[0]?.observed).toBe(
      'rows(undefined) returned undefined, expected an array of rows; ' +
        'rows([ null ]) returned 1 row, some of which are no objects, expected an array of rows; ' +
        "rows('text') returned 'text', expected an array of rows; " +
        'row(null) returned null, expected a row or undefined; ' +
        'row([]) returned 0 rows, expected a row or undefined',
    );
  });

  test('can be ended early, and cleans up', async () => {
    const controller = new AbortController();
    const entry = await folder.write(
      'abort/article-store.ts',
      storeSource({ run: 'await new Promise(() => {})' }),
    );
    let url = '';
    const check = {
      id: 'c',
      title: '',
      expected: '',
      hint: '',
      hints: noHints,
      run: async ({ store, mysql: own }: CheckContext<Store>) => {
        const [[row]] = await own.query<RowDataPacket[]>('SELECT DATABASE() AS name');
        url = String(row?.['name']);
        setImmediate(() => controller.abort(new Error('enough')));
        return String(await store.run());
      },
    };
    const lab = defineLab<Store>({
      id: '42',
      name: 'x',
      title: '',
      minutes: 1,
      returns: { run: 'anything' },
      checks: [check],
    });
    await expect(runLab({ lab, entry, engines, signal: controller.signal })).rejects.toThrow('enough');
    const [schemas] = await mysql.query<RowDataPacket[]>('SHOW DATABASES LIKE ?', [url]);
    expect(schemas).toEqual([]);
  });

  test('passes on an error of the checks themselves', async () => {
    await expect(
      verify(storeSource({}), async () => {
        throw new Error('a bug in the check');
      }),
    ).rejects.toThrow('a bug in the check');
  });
});

describe('the space of a run', () => {
  const admin = `${clients}
    const ask = async (options: any, sql: string) => {
      const connection = await createConnection(options.mysqlUrl);
      try { return (await connection.query(sql))[0] } finally { await connection.end() }
    };`;

  test('holds its own articles, and no other schema can be read or written', async () => {
    const database = new URL(engines.mysqlUrl).pathname.slice(1);
    await mysql.query(`CREATE TABLE IF NOT EXISTS \`${database}\`.lab_kit_test (id INT)`);
    const source = storeSource({ run: `return await ask(options, args[0])` }, admin);
    const verdict = await verify(source, async ({ store }) => {
      expect(await store.run('SELECT COUNT(*) AS n FROM articles')).toEqual([{ n: expect.any(Number) }]);
      for (const sql of [
        `SELECT * FROM \`${database}\`.lab_kit_test`,
        `DROP TABLE \`${database}\`.lab_kit_test`,
        'CREATE DATABASE somewhere_else',
        'SET GLOBAL max_connections = 1',
      ]) {
        expect(String(await orFailure(store.run(sql)))).toMatch(/denied/i);
      }
      return 'denied';
    });
    expect(verdict.checks[0]?.observed).toBe('denied');
    await mysql.query(`DROP TABLE \`${database}\`.lab_kit_test`);
  });

  test('keeps Redis to one database: FLUSHALL, SELECT and CONFIG reach no other', async () => {
    const key = `lab-kit-test:${process.pid}`;
    await redis.set(key, 'mine', 'EX', 300);
    const source = storeSource(
      {
        run: `const redis = new Redis(options.redisUrl);
          try {
            await redis.set('a', 1);
            await redis.select(0);
            const other = await redis.get(args[0]);
            await redis.flushall();
            const config = await redis.config('SET', 'maxmemory', '1').catch((error) => error.message);
            return { other, config, left: await redis.dbsize() };
          } finally { redis.disconnect() }`,
      },
      clients,
    );
    const verdict = await verify(source, async ({ store }) => {
      expect(await store.run(key)).toEqual({
        other: null,
        config: expect.stringContaining('wiretap'),
        left: 0,
      });
      return 'kept apart';
    });
    expect(verdict.checks[0]?.observed).toBe('kept apart');
    expect(await redis.get(key)).toBe('mine');
    await redis.del(key);
  });

  test('is gone afterwards: schema, user, Redis keys and claim', async () => {
    let name = '';
    const verdict = await verify(
      storeSource({ run: `return options.mysqlUrl` }),
      async ({ store, redis: own }) => {
        name = new URL(String(await store.run())).pathname.slice(1);
        await own.set('left', 'behind');
        return 'ok';
      },
    );
    expect(verdict.passed).toBe(true);
    const [schemas] = await mysql.query<RowDataPacket[]>('SHOW DATABASES LIKE ?', [name]);
    expect(schemas).toEqual([]);
    await expect(mysql.query(`SHOW GRANTS FOR '${name}'@'%'`)).rejects.toThrow(/no such grant/i);
  });

  test('needs a MySQL user who may make it, and says so', async () => {
    const user = `lab_kit_test_${process.pid}`;
    await mysql.query(`CREATE USER '${user}'@'%' IDENTIFIED BY 'weak'`);
    try {
      const url = new URL(engines.mysqlUrl);
      url.username = user;
      url.password = 'weak';
      url.pathname = '/';
      const run = runLab({
        lab: defineLab({
          id: '42',
          name: 'x',
          title: '',
          minutes: 1,
          returns: {},
          checks: [{ id: 'c', title: '', expected: '', hint: '', hints: noHints, run: async () => '' }],
        }),
        entry: 'never started',
        engines: { ...engines, mysqlUrl: url.href },
      });
      await expect(run).rejects.toThrow(/MySQL user in MYSQL_URL may not/);
    } finally {
      await mysql.query(`DROP USER '${user}'@'%'`);
    }
  });

  test('is another for each run, so that runs at once do not meet', async () => {
    const source = storeSource({ run: `return options.mysqlUrl` });
    const urls: unknown[] = [];
    const note: Run = async ({ store, redis: own }) => {
      urls.push(await store.run());
      expect(await own.incr('count')).toBe(1);
      return 'ok';
    };
    const verdicts = await Promise.all([verify(source, note), verify(source, note), verify(source, note)]);
    expect(verdicts.map((verdict) => verdict.passed)).toEqual([true, true, true]);
    expect(new Set(urls).size).toBe(3);
  });
});

test('fail() throws what a check ends with', () => {
  expect(() => fail('saw', { mistake: 'm' })).toThrow(CheckFailed);
});
