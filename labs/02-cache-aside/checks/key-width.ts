import { createHash } from 'node:crypto';
import { fail } from '@workshop/lab-kit';
import { warmUp } from '../../shared/warm-up.ts';
import type { LabCheck } from './lab-check.ts';
import { entryNames } from './searches.ts';

const terms = Array.from({ length: 24 }, (_, n) => createHash('sha256').update(`term ${n}`).digest('hex'));

/** The guide asks for 64. What is counted here is a little less than what a key can hold. */
const leastBits = 56;

export const keyWidth: LabCheck = {
  id: 'key-width',
  title: 'Keys are long enough for all that may be asked',
  expected: 'a hash in place of the term has 64 bits or more',
  hint: 'A hash of 32 bits (CRC32, a number made of character codes) has 4 billion values: far too few.',
  hints: [
    'How many different keys can your code make, and how many searches are there?',
    'The term itself can be the key. Where it has to be short, take SHA-1 or SHA-256 of it, whole.',
    { file: 'article-store.ts', from: '// Everything that changes the answer', to: 'cache.getOrLoad' },
  ],
  async run({ store, redis, observe, coldCache }) {
    await warmUp(store, { observe });
    await coldCache();
    await observe(async () => await Promise.all(terms.map(async (term) => await store.search(term, 5))));
    const names = await entryNames(redis);
    if (names.length === 0)
      fail(`after ${terms.length} searches there is not one key in Redis`, { mistake: 'nothing-stored' });
    const { length, kinds, bits } = differingPart(names);
    if (bits >= leastBits) return `keys that differ in ${length} characters`;
    // The birthday problem: the number of keys of which two are as likely alike as not.
    const enough = Math.round(1.18 * 2 ** (bits / 2)).toLocaleString('en');
    return fail(
      `the keys of ${terms.length} searches for 64 letters differ in ${length} characters of ${kinds} kinds: ${Math.round(bits)} bits`,
      {
        mistake: 'keys-too-short',
        leadsTo: `Among ${enough} searches it is an even chance that two have the same key: one visitor is shown another's rows.`,
      },
    );
  },
};

/** What is left of most names without what all of them begin and end with. */
function differingPart(names: string[]): { length: number; kinds: number; bits: number } {
  const start = commonStart(names);
  const rests = names.map((name) => name.slice(start));
  const end = commonStart(rests.map((rest) => rest.split('').toReversed().join('')));
  const parts = rests.map((rest) => rest.slice(0, rest.length - end));
  const length = parts.map((part) => part.length).toSorted((a, b) => a - b)[parts.length >> 1] ?? 0;
  const kinds = new Set(parts.join('')).size;
  return { length, kinds, bits: length * Math.log2(Math.max(1, kinds)) };
}

function commonStart(texts: string[]): number {
  const [first = ''] = texts;
  let at = 0;
  while (at < first.length && texts.every((text) => text[at] === first[at])) at++;
  return at;
}
