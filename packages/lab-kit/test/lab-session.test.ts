import type { RowDataPacket } from 'mysql2/promise';
import { afterAll, expect, test } from 'vitest';
import type { CheckContext } from '../src/check-context.ts';
import { defineLab } from '../src/lab.ts';
import { LabSession } from '../src/lab-session.ts';
import { scratchFolder, storeSource } from './support.ts';
import { engines, type Store } from './verify.ts';

const folder = await scratchFolder();
afterAll(async () => await folder.remove());

function labOf(...runs: ((context: CheckContext<Store>) => Promise<string>)[]) {
  return defineLab<Store>({
    id: '42',
    name: 'x',
    title: 'X',
    minutes: 1,
    returns: { run: 'anything' },
    checks: runs.map((run, n) => ({
      id: `c${n}`,
      title: '',
      expected: '',
      hint: '',
      hints: ['', '', { file: '', from: '', to: '' }] as const,
      run,
    })),
  });
}

const name = async ({ mysql }: CheckContext<Store>): Promise<string> => {
  const [[row]] = await mysql.query<RowDataPacket[]>('SELECT DATABASE() AS name');
  return String(row?.['name']);
};
const numberOf = async ({ store }: CheckContext<Store>) => String(await store.run());

test('the nth check shares a process with those of its lane, and with no other', async () => {
  const entry = await folder.write(
    'lanes/article-store.ts',
    storeSource({ run: 'return ++n' }, 'let n = 0;'),
  );
  const session = new LabSession({ lab: labOf(numberOf, numberOf, numberOf, numberOf), engines, lanes: 3 });
  try {
    for (let round = 0; round < 2; round += 1) {
      const { checks } = await session.run({ entry });
      expect(checks.map((check) => check.observed)).toEqual(['1', '1', '1', '2']);
    }
  } finally {
    await session.close();
  }
});

test('runs follow each other in the same spaces, each with the file as it is then', async () => {
  const entry = await folder.write('again/article-store.ts', storeSource({ run: `return 'old'` }));
  const session = new LabSession({ lab: labOf(numberOf, name), engines });
  try {
    await session.prepare();
    const first = await session.run({ entry });
    await folder.write('again/article-store.ts', storeSource({ run: `return 'new'` }));
    const second = await session.run({ entry });
    expect([first, second].map(({ checks }) => checks[0]?.observed)).toEqual(['old', 'new']);
    expect(second.checks[1]?.observed).toBe(first.checks[1]?.observed);
  } finally {
    await session.close();
  }
});

test('a run may be of some of the checks alone', async () => {
  const entry = await folder.write('some/article-store.ts', storeSource({ run: 'return ++n' }, 'let n = 0;'));
  const lab = labOf(numberOf, numberOf, numberOf);
  const session = new LabSession({ lab, engines, lanes: 1 });
  try {
    const verdict = await session.run({ entry, checks: lab.checks.filter(({ id }) => id !== 'c1') });
    expect(verdict.checks).toMatchObject([
      { id: 'c0', observed: '1' },
      { id: 'c2', observed: '2' },
    ]);
  } finally {
    await session.close();
  }
});

test("a run's first process meets a Redis server of its own that has counted nothing", async () => {
  const hits = async ({ redis }: CheckContext<Store>) => {
    const before = /keyspace_hits:(\d+)/.exec(await redis.info('stats'))?.[1];
    await redis.set('k', 'v');
    await redis.get('k');
    return `${before} before`;
  };
  const entry = await folder.write('counters/article-store.ts', storeSource({ run: '' }));
  const session = new LabSession({ lab: { ...labOf(hits, hits), redis: 'own' }, engines, lanes: 1 });
  try {
    for (let round = 0; round < 2; round += 1) {
      const { checks } = await session.run({ entry });
      expect(checks.map((check) => check.observed)).toEqual(['0 before', '1 before']);
    }
  } finally {
    await session.close();
  }
});

test('a run that is stopped leaves the session as it was', async () => {
  const entry = await folder.write(
    'stop/article-store.ts',
    storeSource({ run: 'return args[0] ?? new Promise(() => {})' }),
  );
  const controller = new AbortController();
  const hang = async ({ store }: CheckContext<Store>) => {
    setImmediate(() => controller.abort(new Error('saved again')));
    return String(await store.run(controller.signal.aborted ? 'done' : undefined));
  };
  const session = new LabSession({ lab: labOf(hang), engines });
  try {
    await expect(session.run({ entry, signal: controller.signal })).rejects.toThrow('saved again');
    expect((await session.run({ entry })).checks[0]?.observed).toBe('done');
    const running = session.run({ entry });
    await expect(session.run({ entry })).rejects.toThrow('one run at a time');
    await running;
  } finally {
    await session.close();
  }
});
