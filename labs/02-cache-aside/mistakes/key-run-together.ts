import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Term and limit are put next to each other.',
  caughtBy: 'keys-apart',
  named: 'keys-collide',
  says: ['search("11", 1)'],
  change: [[`\`articles:search:\${limit}:\${term}\``, `\`articles:search:\${term}\${limit}\``]],
});
