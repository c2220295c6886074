import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'HGETALL brought an object, so there is a record.',
  caughtBy: 'readers',
  named: 'empty-hash-is-a-record',
  says: ['readers(1), with nothing in Redis'],
  change: [
    [
      String.raw`      if (!names.every((name) => name in fields)) return undefined;
`,
      '',
    ],
  ],
});
