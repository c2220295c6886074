import { fileURLToPath } from 'node:url';
import { compileProgram } from '../compiled/compile.ts';

/** What nearly every learner's file imports. They come compiled, since loading them takes longer than a check. */
export const libraries = ['mysql2', 'mysql2/promise', 'ioredis'] as const;

const folder = fileURLToPath(new URL('.', import.meta.url));

/** The compiled program of the learner's process: `child.ts`, and the libraries. */
export async function learnerRuntime(): Promise<string> {
  const loads = libraries.map((name) => `${JSON.stringify(name)}: () => require(${JSON.stringify(name)}),`);
  // The libraries after child.ts, which puts a clock in the place of Node's.
  const source = `
    exports.serve = require('./child.ts').serve;
    const libraries = { ${loads.join(' ')} };
    require('../compiled/given.ts').giveModules(libraries);
    for (const load of Object.values(libraries)) load();`;
  return await compileProgram({ name: 'learner', source, folder });
}
