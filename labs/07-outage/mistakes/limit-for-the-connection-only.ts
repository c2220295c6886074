import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'There is a connectTimeout, and a limit on getting a connection; then it goes by itself.',
  caughtBy: 'waits',
  named: 'waits-without-end',
  says: ['neither answered nor refused within 3 s'],
  change: [[`return await until(tooLate, 'MySQL', work(connection));`, 'return await work(connection);']],
});
