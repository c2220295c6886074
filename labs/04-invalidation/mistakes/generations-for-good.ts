import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A generation is no entry, so it has no expiry.',
  caughtBy: 'expiry',
  named: 'no-expiry',
  says: ['30 articles read and written: 30 keys have no expiry'],
  change: [
    [
      `transaction.set(key, randomUUID(), 'EX', generationSeconds, 'NX');`,
      `transaction.set(key, randomUUID(), 'NX');
  void generationSeconds;`,
    ],
  ],
});
