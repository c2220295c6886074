import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The lock covers the callers of this process as well: no Map is needed.',
  caughtBy: 'waiters',
  named: 'polls-without-pause',
  says: ['commands'],
  change: [
    [
      'return await flights.share(current, async () => await loadOnce(current, form, query));',
      'return await loadOnce(current, form, query);',
    ],
  ],
});
