import { count } from '../../describe.ts';
import type { LabCheck } from './lab-check.ts';
import { inMemory } from './memory.ts';
import { byId, readers, search } from './reads.ts';

export const fromMemory: LabCheck = {
  id: 'from-memory',
  title: 'What a process has just read is answered from its memory',
  expected: 'equal reads in one process: the third sends nothing to Redis and nothing to MySQL',
  hint: 'How many commands does a hit cost? The generation is asked for as well, before each of them.',
  hints: [
    'Look at a hit in the transcript. Which two things does it ask Redis for, and how often do they change?',
    'A hit needs the generation and the answer. Keep both in a Map of the process: the generation under its key, the answer under its key with the generation.',
    { file: 'cache.ts', from: 'const known = keys.map', to: 'return known;' },
  ],
  async run(context) {
    const reads = [
      byId(7),
      search('delta', 20),
      readers(12),
      byId(999_999),
      search('nothing contains this', 5),
      // Like those above, and yet others.
      search('delta', 5),
      readers(7),
      byId(12),
    ];
    await inMemory(context, context.store, reads);
    return `${count(reads.length, 'read')}, repeated: 0 commands to Redis and 0 SELECTs`;
  },
};
