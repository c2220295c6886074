import { fail } from '@workshop/lab-kit';
import { cacheTraffic, whyNoHit } from '../../shared/cache-traffic.ts';
import { count, type Change } from './changes.ts';
import { byId, readAll, readers, wrongReads } from './reads.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { thrice } from './thrice.ts';

const reads = [byId(7), readers(7)];

const changes: readonly Change[] = [
  {
    call: 'revise(7, { Title })',
    write: async (store) => await store.revise(7, { Title: 'A new title' }),
    reads,
  },
  { ...count, reads },
];

export const fresh: LabCheck = {
  id: 'fresh',
  title: 'Once a write has resolved, the article is new in every process',
  expected:
    'byId(7) and readers(7) are cached; after revise(7) and countRead(7), in 2 processes, 0 old answers',
  hint: 'Which keys does each write make old? What is cached of article 7 has two of them.',
  hints: [
    'Follow a title: it is in MySQL, and in how many places in Redis? Which of them does your write reach?',
    'Give each entry a tag of what it depends on (`article:7`), and let its key hold the generation of that tag. A new generation, and all entries with the tag are misses.',
    { file: 'generations.ts', from: 'export async function generationsOf', to: 'return made' },
  ],
  async run(context) {
    const { store, mysql, observe, another } = context;
    const { store: other } = await another();
    for (const change of changes) {
      await filled(context);
      await observe(async () => await change.write(store));
      const [wrong] = await wrongReads(mysql, reads, store, other);
      if (!wrong) continue;
      fail(`${change.call} resolved; then ${wrong.text}`, {
        mistake: wrong.read === reads[1] ? 'record-forgotten' : 'nothing-invalidated',
        leadsTo: 'What somebody has just saved is not there when they look: they save it again, or call you.',
      });
    }
    return '2 writes, 2 reads after each in 2 processes: 0 old answers';
  },
};

/** What is never cached can't be old. */
async function filled({ store, observe }: Context): Promise<void> {
  const missed = await thrice(async () => {
    await observe(async () => await readAll(store, reads));
    const seen = await observe(async () => await readAll(store, reads));
    return seen.selects.length > 0 ? seen : undefined;
  });
  if (!missed) return;
  const text = `byId(7) and readers(7), read before: expected 0 SELECTs, saw ${missed.selects.length}; ${cacheTraffic(missed)}`;
  fail(text, whyNoHit(missed));
}
