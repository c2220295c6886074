import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A prefix for all, and then what is asked for.',
  caughtBy: 'keys-apart',
  named: 'keys-collide',
  says: ["search('id', 7)"],
  change: [['`articles:search:${limit}:${term}`', '`articles:${term}:${limit}`']],
});
