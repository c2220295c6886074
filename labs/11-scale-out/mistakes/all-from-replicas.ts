import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Replicas are for reading, so all that is read is read there.',
  caughtBy: 'lag',
  named: 'own-write-unseen',
  says: ['in the same process'],
  change: [['return await generationsOf(primaries, tags);', 'return await generationsOf(replicas, tags);']],
});
