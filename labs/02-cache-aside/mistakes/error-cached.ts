import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A failed load counts as "nothing found", and that is stored.',
  caughtBy: 'error-not-cached',
  named: 'error-swallowed',
  says: ['MySQL refused the query'],
  change: [['const value = await load();', 'const value = await load().catch(() => [] as T);']],
});
