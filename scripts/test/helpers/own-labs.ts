import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';
import type { Place } from '../../src/labs.ts';
import { root } from '../../src/root.ts';

/** Inside the package, so that what is written there finds `@workshop/lab-kit`. */
const scratch = join(root, 'scripts/.scratch');

const checks = (id: string, name: string) => `import { defineLab, fail } from '@workshop/lab-kit';
const check = (id: string, wanted: string) => ({
  id,
  title: \`\${id} is right\`,
  expected: wanted,
  hint: 'Look at it.',
  hints: [\`What is \${id}?\`, \`It is \${wanted}.\`, { file: 'article-store.ts', from: \`async \${id}\`, to: '}' }],
  async run({ store }: any) {
    const value = await store[id]();
    if (value !== wanted) fail(\`\${id}() returned \${value}\`);
    return value;
  },
});
export default defineLab<any>({
  id: '${id}', name: '${name}', title: 'The ${name} lab', minutes: 5, returns: {},
  checks: [check('one', 'eins'), check('two', 'zwei')],
} as any);
`;

const store = (one: string, two: string) => `export function createArticleStore() {
  return {
    async one() { return '${one}'; },
    // GAP 1: the other
    async two() { return '${two}'; },
    async close() {},
  };
}
`;

export interface OwnLabs {
  readonly place: Place;
  /** What was printed since the last look. */
  printed(): string;
  read(lab: string, part: 'work' | 'starter' | 'solution'): Promise<string>;
  /** Saves the learner's file. */
  save(lab: string, one: string, two: string): Promise<void>;
  saveSource(lab: string, source: string): Promise<void>;
}

/** Two small labs of a test's own, each with two checks, so that no learner's work is touched. */
export function useOwnLabs(): OwnLabs {
  let place: Place = { labs: '', progress: '', kept: '' };
  const lines: string[] = [];
  const file = (lab: string, part: string) => join(place.labs, lab, part, 'article-store.ts');
  const write = async (path: string, text: string) => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  };
  beforeEach(async () => {
    await mkdir(scratch, { recursive: true });
    const folder = await mkdtemp(join(scratch, 'labs-'));
    place = {
      labs: join(folder, 'labs'),
      progress: join(folder, 'state/progress.json'),
      kept: join(folder, 'state/kept'),
    };
    for (const [id, name] of [
      ['01', 'small'],
      ['02', 'next'],
    ] as const) {
      const lab = `${id}-${name}`;
      await write(join(place.labs, lab, 'checks.ts'), checks(id, name));
      await write(file(lab, 'starter'), store('eins', 'two'));
      await write(file(lab, 'solution'), store('eins', 'zwei'));
    }
    lines.length = 0;
    vi.spyOn(console, 'log').mockImplementation((text: string) => void lines.push(text));
    vi.stubEnv('NO_COLOR', '1');
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    await rm(dirname(place.labs), { recursive: true, force: true });
  });
  return {
    get place() {
      return place;
    },
    printed: () => lines.splice(0).join('\n'),
    read: async (lab, part) => await readFile(file(lab, part), 'utf8'),
    save: async (lab, one, two) => await write(file(lab, 'work'), store(one, two)),
    saveSource: async (lab, source) => await write(file(lab, 'work'), source),
  };
}
