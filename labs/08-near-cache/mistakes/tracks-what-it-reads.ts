import { mistake } from '../../mistake.ts';

export default mistake({
  story:
    'CLIENT TRACKING ON: without BCAST it tells of the keys that this connection has read, and it reads none.',
  caughtBy: 'other-writes',
  named: 'stale-local-copy',
  says: ['after it had resolved'],
  change: [
    [
      `, 'BCAST', 'PREFIX', prefix);`,
      `);
    if (prefix === '') return;`,
    ],
  ],
});
