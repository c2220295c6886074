import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'In the last fifth of its life the entry counts as a miss.',
  caughtBy: 'refresh',
  named: 'reader-waits',
  says: ['waited for MySQL'],
  change: [
    [
      '        flights.share(name, async () => await refresh(current, form, query)).catch(() => {});',
      '        await flights.share(name, async () => await refresh(current, form, query)).catch(() => {});',
    ],
  ],
});
