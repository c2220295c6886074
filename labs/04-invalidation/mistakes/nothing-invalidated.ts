import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The entries expire within a minute anyway.',
  caughtBy: 'fresh',
  named: 'nothing-invalidated',
  says: ['revise(7, { Title }) resolved', 'then byId(7), in the same process, returned'],
  change: [
    [
      'if (isCommitting && changed) await cache.invalidate(tags);',
      'void [changed, isCommitting, cache, tags];',
    ],
  ],
});
