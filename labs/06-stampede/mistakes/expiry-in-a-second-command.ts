import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'SETNX, and then EXPIRE.',
  caughtBy: 'owner-dies',
  named: 'lock-without-expiry',
  says: ['without an expiry'],
  change: [
    [
      `  if ((await redis.set(key, owner, 'PX', lockMs, 'NX')) !== 'OK') return undefined;
`,
      `  if ((await redis.setnx(key, owner)) !== 1) return undefined;
  await redis.pexpire(key, lockMs).catch(() => {});
`,
    ],
  ],
});
