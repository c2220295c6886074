import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A use sets the expiry, and every session is used some time.',
  caughtBy: 'session-life',
  named: 'never-ends',
  says: ['40 minutes after its last use'],
  change: [["redis.call('PEXPIRE', KEYS[1], ARGV[3])", '']],
});
