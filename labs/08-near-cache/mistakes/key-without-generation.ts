import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'What is in memory is found under its key, before anything else is looked at.',
  caughtBy: 'other-writes',
  named: 'stale-local-copy',
  says: ['after it had resolved'],
  change: [
    [
      `    const generations = await presentGenerations(tags).catch(() => undefined);
`,
      `    const copy = near.get(key) as { value: T } | undefined;
    if (copy) {
      found('hit');
      return copy.value;
    }
    const generations = await presentGenerations(tags).catch(() => undefined);
`,
    ],
    ['near.set(current, { value: kept.value }', 'near.set(key, { value: kept.value }'],
  ],
});
