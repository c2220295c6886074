import { mistake } from '../../mistake.ts';

export default mistake({
  story:
    'A random life is a fraction. Redis takes whole numbers, and its error goes where all errors of Redis go.',
  caughtBy: 'lives',
  named: 'refused-by-redis',
  says: ['Redis refused SET', 'not an integer'],
  change: [
    [
      'return Math.round(mean * (1 + spread * (2 * Math.random() - 1)));',
      'return mean * (1 + spread * (2 * Math.random() - 1));',
    ],
  ],
});
