import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Only letters and digits, so that the key is safe.',
  caughtBy: 'keys-apart',
  named: 'keys-collide',
  says: ['expected'],
  change: [
    [
      `\`articles:search:\${limit}:\${term}\``,
      `\`articles:search:\${limit}:\${term.replace(/[^a-z0-9 ]/gi, '')}\``,
    ],
  ],
});
