import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'What the replica does not have is not there.',
  caughtBy: 'lag',
  named: 'replica-miss-loads',
  says: ['expected 1 SELECT'],
  change: [
    ['return copy ?? (await lookIn(primaries, form, key));', 'return copy;'],
    [
      'const found = await lookIn(primaries, form, key).catch(() => undefined);',
      'const found = await lookIn(replicas, form, key).catch(() => undefined);',
    ],
  ],
});
