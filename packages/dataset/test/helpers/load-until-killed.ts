// Run as a process of its own, to be killed in the middle of a load.
import { ensureDataset } from '../../src/index.ts';

const [, , mysqlUrl] = process.argv;
await ensureDataset(String(mysqlUrl), {
  rows: 1_000_000,
  replace: 'anything',
  onProgress: ({ rows }) => {
    if (rows > 2_000) process.stdout.write('under way\n');
  },
});
