import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'BINARY makes the comparison exact.',
  caughtBy: 'answers',
  named: 'rows-missing',
  says: ["search('delta', 10) returned 6 rows, expected 10"],
  change: [['Sentence LIKE ?', 'Sentence LIKE BINARY ?']],
});
