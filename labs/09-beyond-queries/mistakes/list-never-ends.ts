import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The list of a user is small, so it may stay.',
  caughtBy: 'session-life',
  named: 'left-behind',
  says: ['holds 1 key', 'sessions-of:bob'],
  change: [
    ["redis.call('PEXPIRE', ARGV[1] .. user, ARGV[2])", ''],
    ["redis.call('PEXPIRE', KEYS[2], ARGV[3])", ''],
  ],
});
