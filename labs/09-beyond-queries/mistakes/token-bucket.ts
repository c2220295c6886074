import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A bucket of ten tokens, and a new one every six seconds.',
  caughtBy: 'rate-limit',
  named: 'leaks-at-edge',
  says: ['1 were allowed, expected 0'],
  change: [
    [
      `redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[2])
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[4])
`,
      `local most, at, life = tonumber(ARGV[3]), tonumber(ARGV[1]), tonumber(ARGV[5])
local tokens = tonumber(redis.call('HGET', KEYS[1], 'tokens') or most)
local before = tonumber(redis.call('HGET', KEYS[1], 'at') or at)
tokens = math.min(most, tokens + (at - before) * most / life)
if tokens < 1 then return 0 end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens - 1), 'at', ARGV[1])
`,
    ],
  ],
});
