import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'close() closes the client.',
  caughtBy: 'close',
  named: 'never-closed',
  says: ['5 s after close()'],
  change: [['for (const own of waiting) own.disconnect();', 'waiting.clear();']],
});
