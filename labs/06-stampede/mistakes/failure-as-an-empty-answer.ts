import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A failed load is answered with what there is: nothing.',
  caughtBy: 'failing-load',
  named: 'error-swallowed',
  says: ['was answered all the same'],
  change: [
    [
      'return await flights.share(current, async () => await loadOnce(current, form, query));',
      `return await flights
      .share(current, async () => await loadOnce(current, form, query))
      .catch(() => (operation === 'search' ? [] : null) as T);`,
    ],
  ],
});
