import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'XRANGE from the id that the reader has.',
  caughtBy: 'news',
  named: 'seen-again',
  says: ['newsSince(the third id) returned 4 pieces, expected 3'],
  change: [[`id === undefined ? '-' : \`(\${id}\``, "id ?? '-'"]],
});
