import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A counter that expires 60 s after it was made.',
  caughtBy: 'rate-limit',
  named: 'leaks-at-edge',
  says: ['6 were allowed, expected 5'],
  change: [
    [
      `redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[2])
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
`,
      `local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[5]) end
if count > tonumber(ARGV[3]) then return 0 end
`,
    ],
  ],
});
