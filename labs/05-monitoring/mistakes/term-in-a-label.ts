import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The key as a label: then one sees what people look for.',
  caughtBy: 'labels',
  named: 'unbounded-labels',
  says: ['more series'],
  change: [
    [
      'watch.read(place.operation, outcome, seconds)',
      'watch.read(place.operation, outcome, seconds, place.key)',
    ],
    [
      '  read(operation: Operation, outcome: Outcome, seconds: number): void;',
      '  read(operation: Operation, outcome: Outcome, seconds: number, key: string): void;',
    ],
    [
      `      read(operation, outcome, seconds) {
        metrics.read(operation, outcome, seconds);`,
      `      read(operation, outcome, seconds, key) {
        metrics.read(operation, outcome, seconds, key);`,
    ],
    [
      `    help: 'Reads, by what came of them.',
    labelNames: ['operation', 'result'],`,
      `    help: 'Reads, by what came of them.',
    labelNames: ['operation', 'result', 'key'],`,
    ],
    [
      `    read(operation, outcome, seconds) {
      reads.inc({ operation, result: outcome });`,
      `    read(operation, outcome, seconds, key) {
      reads.inc({ operation, result: outcome, key });`,
    ],
  ],
});
