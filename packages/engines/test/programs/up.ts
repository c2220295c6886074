// Brings engines up in a process of its own: `up.ts STATE_DIR [UID]`. With a UID it becomes that user first, but only once everything
// is loaded, since that user need not be able to read the repository.
import { createRequire } from 'node:module';
import { enginesUp } from '../../src/index.ts';

const [stateDir, uid] = process.argv.slice(2);
if (uid) {
  // What mysql2 would load only when it connects: itself, and the tables of its decoder.
  const load = createRequire(import.meta.url);
  load('mysql2/promise');
  const decoder = createRequire(load.resolve('mysql2'))('iconv-lite') as {
    getDecoder(name: string): unknown;
  };
  decoder.getDecoder('utf8');
  process.setgid!(Number(uid));
  process.setgroups!([]);
  process.setuid!(Number(uid));
}
const lines: string[] = [];
const engines = await enginesUp({
  stateDir: stateDir!,
  env: { PATH: process.env['PATH'], WORKSHOP_ENGINES: 'native' },
  onProgress: (line) => lines.push(line),
});
console.log(JSON.stringify({ ...engines, lines }));
