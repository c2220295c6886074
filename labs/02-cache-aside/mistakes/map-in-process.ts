import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A Map is quicker than Redis, and Redis gets a copy for good measure.',
  caughtBy: 'second-read',
  named: 'not-shared',
  says: ['sent no SELECT'],
  change: [
    ['const found = await redis.get(key).catch(() => null);', 'const found = kept.get(key) ?? null;'],
    [
      "redis.on('error', () => {});",
      `redis.on('error', () => {});
  const kept = new Map<string, string>();`,
    ],
    ['const value = await load();', 'const value = await load();\n    kept.set(key, encode(value));'],
  ],
});
