import { mistake } from '../../mistake.ts';

export default mistake({
  story: '`$` waits for what is new.',
  caughtBy: 'news-waits',
  named: 'news-missed',
  says: ["returned the array [], expected the array [ 'second' ]"],
  change: [["'STREAMS', key, id ?? '0'", "'STREAMS', key, id ? '$' : '0'"]],
});
