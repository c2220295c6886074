import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A session lives for half an hour: its expiry is set when it begins.',
  caughtBy: 'session-life',
  named: 'not-sliding',
  says: ['looked at 20 minutes ago is gone'],
  change: [
    [
      `redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PEXPIRE', ARGV[1] .. user, ARGV[2])`,
      '',
    ],
  ],
});
