import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Note every request, then count.',
  caughtBy: 'rate-limit',
  named: 'refused-counts',
  says: ['0 were allowed, expected 1'],
  change: [
    [
      `if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
`,
      `redis.call('ZADD', KEYS[1], ARGV[1], ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
if redis.call('ZCARD', KEYS[1]) > tonumber(ARGV[3]) then return 0 end
`,
    ],
  ],
});
