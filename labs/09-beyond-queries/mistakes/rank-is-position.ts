import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'ZRANK is the rank: it says so.',
  caughtBy: 'leaderboard',
  named: 'ties-ranked-wrongly',
  says: ['has rank 3, expected 2'],
  change: [["redis.call('ZCOUNT', KEYS[1], '-inf', '(' .. score)", "redis.call('ZRANK', KEYS[1], ARGV[1])"]],
});
