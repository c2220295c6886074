import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Nobody awaits the refresh, so there is nobody to catch for.',
  caughtBy: 'refresh-fails',
  named: 'ends-on-a-failed-refresh',
  says: ['the process ended'],
  change: [
    [
      '.share(name, async () => await refresh(current, form, query)).catch(() => {});',
      '.share(name, async () => await refresh(current, form, query));',
    ],
  ],
});
