import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Eight megabytes are much.',
  caughtBy: 'memory',
  named: 'false-alarm',
  says: ['memory-high fires'],
  change: [
    [
      'info && info.maxBytes > 0 ? info.usedBytes / info.maxBytes : null',
      'info ? info.usedBytes / 1_000_000 : null',
    ],
  ],
});
