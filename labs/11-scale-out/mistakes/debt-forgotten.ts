import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A cache that is away needs no news: it starts empty when it comes back.',
  caughtBy: 'failover',
  named: 'stale-after-failover',
  says: ['in another process'],
  change: [
    [
      'await debts.add(generationKeys(tags)).catch(() => {});',
      `const remove = async (key: string) => await within(async () => await primaries.unlink(key));
      await Promise.all(generationKeys(tags).map(remove)).catch(() => {});`,
    ],
  ],
});
