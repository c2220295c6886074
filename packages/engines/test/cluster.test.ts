import { Cluster } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withRedis } from '../src/probe.ts';
import { enginesStatus, type Engines } from '../src/index.ts';
import { killHard, makeState, nativeEnv, takePort, until, type TestState } from './support.ts';

let state: TestState;
let engines: Engines;

beforeAll(async () => {
  state = await makeState('with a space');
  engines = await state.up({ cluster: true });
});
afterAll(() => state.remove());

/** A client as an application would make it: given one node, it finds the others. */
async function withCluster<T>({ clusterUrl }: Engines, work: (cluster: Cluster) => Promise<T>): Promise<T> {
  const { port, password } = new URL(clusterUrl!);
  const cluster = new Cluster([{ host: '127.0.0.1', port: Number(port) }], { redisOptions: { password } });
  try {
    return await work(cluster);
  } finally {
    cluster.disconnect();
  }
}

const replication = (port: number) => {
  const url = new URL(engines.redisUrl);
  url.port = String(port);
  return withRedis(url.href, { timeoutMs: 5_000 }, (redis) => redis.info('replication'));
};

async function roles(): Promise<string[]> {
  const infos = await Promise.all(engines.clusterNodes!.map(({ port }) => replication(port)));
  return infos.map((info) => /^role:(\w+)/m.exec(info)![1]!);
}

test('six nodes make a cluster of three primaries, each with a replica', async () => {
  expect(engines.clusterNodes).toHaveLength(6);
  expect(new URL(engines.clusterUrl!).host).toBe(`127.0.0.1:${engines.clusterNodes![0]!.port}`);
  expect(await roles()).toEqual(['master', 'master', 'master', 'slave', 'slave', 'slave']);
  await withCluster(engines, async (cluster) => {
    // Keys of every primary's.
    const keys = Array.from({ length: 50 }, (_, index) => `key:${index}`);
    for (const key of keys) await cluster.set(key, `value of ${key}`);
    for (const key of keys) expect(await cluster.get(key)).toBe(`value of ${key}`);
  });
});

test('a node that is dead is started again, and finds its place', async () => {
  const before = await state.pids();
  const { port } = engines.clusterNodes![0]!;
  await killHard(before['cluster-1']!);
  expect(await enginesStatus({ stateDir: state.stateDir, env: nativeEnv })).toContainEqual(
    expect.objectContaining({ name: 'cluster-1', state: 'died' }),
  );
  // Its replica takes over without anybody's help; that is what it is for.
  const replica = engines.clusterNodes![3]!.port;
  await until(async () => (await replication(replica)).includes('role:master'));
  await withCluster(
    { ...engines, clusterUrl: engines.clusterUrl!.replace(`:${port}`, `:${replica}`) },
    async (cluster) => {
      expect(await cluster.get('key:1')).toBe('value of key:1');
    },
  );

  state.takeLines();
  expect(await state.up({ cluster: true })).toEqual(engines);

  const after = await state.pids();
  expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual(['cluster-1']);
  expect((await roles()).toSorted()).toEqual(['master', 'master', 'master', 'slave', 'slave', 'slave']);
  expect(await roles()).toMatchObject({ 0: 'slave', 3: 'master' });
});

test('it comes back whole after a stop, with its data', async () => {
  await state.takeDown();
  expect(await state.up({ cluster: true })).toEqual(engines);
  await withCluster(engines, async (cluster) => {
    expect(await cluster.get('key:49')).toBe('value of key:49');
  });
});

test('it is made anew on other ports when somebody has one of its', async () => {
  await state.takeDown();
  const thief = await takePort(engines.clusterNodes![4]!.port + 10_000);
  state.takeLines();
  const anew = await state.up({ cluster: true });
  await new Promise((resolve) => thief.close(resolve));
  expect(anew.clusterNodes).not.toEqual(engines.clusterNodes);
  expect(state.takeLines()).toContainEqual(expect.stringContaining('making the cluster anew'));
  engines = anew;
  expect(await roles()).toEqual(['master', 'master', 'master', 'slave', 'slave', 'slave']);
});
