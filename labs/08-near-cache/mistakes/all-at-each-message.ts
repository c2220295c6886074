import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'To be sure, each message empties all of it.',
  caughtBy: 'rest-stays',
  named: 'all-dropped',
  says: ['0 were still in memory'],
  change: [['    for (const key of keys) entries.delete(key);', '    if (keys.length > 0) entries.clear();']],
});
