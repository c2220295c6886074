import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'GETEX reads and keeps alive what is in use.',
  caughtBy: 'kept-life',
  named: 'renewed-by-reads',
  says: ["search('delta', 10)", 'after 3 hits'],
  change: [['await redis.get(key);', "await redis.getex(key, 'PX', 60_000);"]],
});
