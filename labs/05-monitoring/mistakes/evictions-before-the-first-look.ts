import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Before the first look, nothing had been evicted.',
  caughtBy: 'memory',
  named: 'false-alarm',
  says: ['a new process looks'],
  change: [
    [
      '  #samples: { at: number; evictedKeys: number }[] = [];',
      '  #samples: { at: number; evictedKeys: number }[] = [{ at: performance.now(), evictedKeys: 0 }];',
    ],
  ],
});
