import { mistake } from '../../mistake.ts';

export default mistake({
  story:
    'The chance is drawn as the program starts: every server has another life, and all of its entries the same one.',
  caughtBy: 'spread',
  named: 'equal-lives',
  says: ['40 articles, read together'],
  change: [
    [
      String.raw`/** How far a life may be from its mean, as a part of it. */
const spread = 0.1;
`,
      String.raw`/** How far a life may be from its mean, as a part of it. */
const spread = 0.1;
const factor = 1 + spread * (2 * Math.random() - 1);
`,
    ],
    [
      'return Math.round(mean * (1 + spread * (2 * Math.random() - 1)));',
      'return Math.round(mean * factor);',
    ],
  ],
});
