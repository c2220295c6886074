import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The key is made tidy: trimmed and white space folded.',
  caughtBy: 'keys-apart',
  named: 'keys-collide',
  says: ['Two'],
  change: [
    [
      `\`articles:search:\${limit}:\${term}\``,
      `\`articles:search:\${limit}:\${term.trim().replace(/\\s+/g, ' ')}\``,
    ],
  ],
});
