import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The list of a user gets its expiry when a session begins.',
  caughtBy: 'session-life',
  named: 'outlives-logout',
  says: ['in use for 40 minutes'],
  change: [["redis.call('PEXPIRE', ARGV[1] .. user, ARGV[2])", '']],
});
