import { fail } from '@workshop/lab-kit';
import { everyChange } from './changes.ts';
import { byId, readAll, readers, search } from './reads.ts';
import { watchRedis } from './watch-redis.ts';
import type { LabCheck } from './lab-check.ts';

const foreignKeys = 2_000;
const rude = new Set(['KEYS', 'SCAN', 'FLUSHALL', 'FLUSHDB', 'SWAPDB', 'RANDOMKEY']);

export const leftAlone: LabCheck = {
  id: 'left-alone',
  title: 'Invalidating neither walks through Redis nor empties it',
  expected: `${foreignKeys} keys of others are still there; no KEYS, SCAN, FLUSHALL or FLUSHDB, in a script neither`,
  hint: 'What if you could make a list of keys untrue without knowing the list? Think of a number in their names.',
  hints: [
    'Redis holds ten million keys, twenty of them searches of yours. What does finding those twenty cost, and who waits meanwhile?',
    'Do not look for the keys: change the name under which they are looked for. The old ones expire by themselves.',
    { file: 'cache.ts', from: 'const generations', to: 'const current' },
  ],
  async run({ store, redis, articles, observe }) {
    const foreign = Array.from({ length: foreignKeys }, (_, index) => `articles:somebody:${index}`);
    await redis.mset(foreign.flatMap((key) => [key, 'theirs']));
    await observe(async () => await readAll(store, [byId(7), readers(7), search('the', 5), search('a', 9)]));
    const watch = await watchRedis(redis);
    try {
      for (const change of everyChange(articles, 1)) await observe(async () => await change.write(store));
      await observe(async () => await readAll(store, [byId(7), readers(7), search('the', 5)]));
      const commands = await watch.commands();
      const found = commands.filter(({ name }) => rude.has(name));
      if (found[0]) {
        const { name, byScript } = found[0];
        fail(
          `3 writes with ${foreignKeys} foreign keys in Redis: saw ${found.length} ${name}${byScript ? ' from a script' : ''} among ${commands.length} commands, expected 0`,
          {
            mistake: 'flush-or-walk',
            leadsTo:
              'FLUSHALL deletes what others keep there; KEYS and SCAN cost more with every key that anybody has, and KEYS stops Redis for all meanwhile.',
          },
        );
      }
    } finally {
      watch.end();
    }
    const left = await redis.exists(foreign);
    if (left !== foreignKeys) {
      fail(`of ${foreignKeys} keys of somebody else ${foreignKeys - left} are gone after 3 writes`, {
        mistake: 'deletes-others-keys',
        leadsTo:
          'Another program loses its sessions, its queue or its locks whenever somebody saves an article.',
      });
    }
    return `3 writes beside ${foreignKeys} foreign keys: all are there, none was looked at`;
  },
};
