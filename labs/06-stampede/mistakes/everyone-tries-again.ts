import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Who shared a load that failed tries it again.',
  caughtBy: 'failing-load',
  named: 'retries-for-each',
  says: ['queries for'],
  change: [
    [
      'return await flights.share(current, async () => await loadOnce(current, form, query));',
      `try {
      return await flights.share(current, async () => await loadOnce(current, form, query));
    } catch {
      return await query();
    }`,
    ],
  ],
});
