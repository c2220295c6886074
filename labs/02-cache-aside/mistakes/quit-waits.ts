import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'quit() is the polite way to say good-bye.',
  caughtBy: 'redis-hangs',
  named: 'never-closed',
  says: ['close() while Redis hangs'],
  change: [
    ['      redis.disconnect();', '      return redis.quit();'],
    ['    close() {', '    async close() {'],
    ['  close(): void;', '  close(): Promise<unknown>;'],
    ['      cache.close();', '      await cache.close();'],
  ],
});
