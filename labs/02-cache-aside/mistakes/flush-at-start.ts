import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A new version starts with an empty cache, so that no old entry is read.',
  caughtBy: 'own-keys',
  named: 'flush-or-keys',
  says: ['FLUSHALL'],
  change: [
    ["redis.on('error', () => {});", "redis.on('error', () => {});\n  redis.flushall().catch(() => {});"],
  ],
});
