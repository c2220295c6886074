import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Each server has keys of its own, so that they do not disturb each other.',
  caughtBy: 'shared',
  named: 'not-shared',
  says: ['expected 0 SELECTs, saw 1'],
  change: [['`articles:search:${limit}:${term}`', '`articles:${process.pid}:search:${limit}:${term}`']],
});
