import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The term is bound, so it is taken to be safe as it is.',
  caughtBy: 'injection',
  named: 'wildcards-not-escaped',
  says: ['100%'],
  change: [[`[\`%\${literal}%\`, limit]`, `[\`%\${term}%\`, limit]`]],
});
