import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'MySQL is away: the old answer gets another minute, so that not everybody tries.',
  caughtBy: 'stale-ends',
  named: 'stale-counts-as-new',
  says: ['was away for 4 minutes'],
  change: [
    [
      `      if (!kept) throw error;
      found('stale');
`,
      `      if (!kept) throw error;
      found('stale');
      await form.write(redis, current, kept.value, lifeOf(kept.value) + spareMs).catch(() => {});
`,
    ],
  ],
});
