import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'One load a process: with a Map of promises that is done.',
  caughtBy: 'across-processes',
  named: 'one-process-only',
  says: ['saw 2'],
  change: [
    [
      'return await flights.share(current, async () => await loadOnce(current, form, query));',
      'return await flights.share(current, async () => await loadAndStore(current, form, query));',
    ],
  ],
});
