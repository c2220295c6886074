import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A hit is served at once and fetched anew a little later, so that it is never old.',
  caughtBy: 'second-read',
  named: 'hit-still-queries',
  says: ['5 times', 'expected'],
  change: [
    [
      '      if (found !== null) return decode(found) as T;',
      `      if (found !== null) {
        setTimeout(() => void load().catch(() => {}), 500).unref();
        return decode(found) as T;
      }`,
    ],
  ],
});
