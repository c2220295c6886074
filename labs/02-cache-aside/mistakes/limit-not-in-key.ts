import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The term is what people search for, so it is the key.',
  caughtBy: 'keys-apart',
  named: 'keys-collide',
  says: ['returned'],
  change: [[`\`articles:search:\${limit}:\${term}\``, `\`articles:search:\${term}\``]],
});
