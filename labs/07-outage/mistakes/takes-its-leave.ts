import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'quit() is the polite way to go.',
  caughtBy: 'close',
  named: 'never-closed',
  says: ['MySQL and Redis do not answer'],
  change: [['redis.disconnect();', 'redis.quit().catch(() => {});']],
});
