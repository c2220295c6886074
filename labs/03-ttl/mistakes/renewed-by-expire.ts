import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A hash that is read is wanted: give it another minute.',
  caughtBy: 'hash-life',
  named: 'renewed-by-reads',
  says: ['readers(7)', 'after 3 hits'],
  change: [
    [
      'if (noRecord in fields) return null;',
      String.raw`if (noRecord in fields) return null;
      await redis.expire(key, 60);`,
    ],
  ],
});
