import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The way of the other two works for this one as well.',
  caughtBy: 'hash',
  named: 'no-hash',
  says: ['the string articles:readers:7'],
  change: [
    [
      String.raw`const readers = asHash<Readers>({
  Readers: { write: String, read: BigInt },
  LastReadAt: { write: (date) => date.toISOString(), read: (text) => new Date(text) },
});`,
      'const readers = asText<Readers | null>();',
    ],
    [
      String.raw`import { asHash } from './record.ts';
`,
      '',
    ],
  ],
});
