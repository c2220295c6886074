import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Old slices are dropped every five seconds, by a timer that nobody stops.',
  caughtBy: 'close',
  named: 'never-closed',
  says: ['still runs'],
  change: [
    [
      '  readonly #slices: Slice[] = [];',
      `  readonly #slices: Slice[] = [];

  constructor() {
    setInterval(() => this.reads, sliceMs);
  }`,
    ],
  ],
});
