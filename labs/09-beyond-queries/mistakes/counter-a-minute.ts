import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A counter for each minute, which expires with it.',
  caughtBy: 'rate-limit',
  named: 'leaks-at-edge',
  says: ['2 were allowed, expected 0'],
  change: [
    [
      `redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[2])
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[4])
`,
      `if redis.call('INCR', KEYS[1]) > tonumber(ARGV[3]) then return 0 end
`,
    ],
    ['`rate-limit:${visitor}`', '`rate-limit:${visitor}:${Math.floor(at / windowMs)}`'],
  ],
});
