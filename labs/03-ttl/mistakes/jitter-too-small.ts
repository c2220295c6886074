import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A few milliseconds of chance, as the example had it.',
  caughtBy: 'spread',
  named: 'equal-lives',
  says: ['40 articles, read together'],
  change: [
    [
      'return Math.round(mean * (1 + spread * (2 * Math.random() - 1)));',
      'return mean + Math.round(Math.random() * 250);',
    ],
    [
      String.raw`/** How far a life may be from its mean, as a part of it. */
const spread = 0.1;
`,
      '',
    ],
  ],
});
