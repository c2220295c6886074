import { createCache } from '../../../src/index.ts';
import { type Connection, makeClients } from '../clients.ts';

// Does a little of everything that keeps a handle, closes it all, and tells what still keeps the process from ending.
const { connection, prefix } = JSON.parse(process.argv[2] ?? '') as {
  connection: Connection;
  prefix: string;
};

// The pipe of the output is a handle as well, and there from the start.
const before = process.getActiveResourcesInfo();
const clients = makeClients(connection);
const cache = createCache({
  ...clients.options,
  prefix,
  timeoutMs: 10_000,
  near: { maxEntries: 10 },
  probe: { rate: 1 },
});
const options = { ttlMs: 60_000, staleWhileRevalidateMs: 60_000, tags: ['tag'] };
await cache.getOrLoad('key', () => 'value', options);
await cache.getOrLoad('key', () => 'value', options);
await cache.getOrLoadJson('json', () => ({ a: 1 }), options);
await cache.set('set', 1, options);
await cache.invalidate('set');
await cache.invalidateTags(['tag']);
// Under way while it closes.
const late = cache.getOrLoad(
  'late',
  () => new Promise<string>((resolve) => setTimeout(resolve, 50, 'late')),
  options,
);
const { hits, errors } = cache.stats();
await cache.clear();
await cache.close();
await late;
clients.close();

function whatIsLeft(): string[] {
  const left = process.getActiveResourcesInfo();
  for (const name of before) if (left.includes(name)) left.splice(left.indexOf(name), 1);
  return left;
}

// A socket is closed in a later turn than the one that asked for it.
const giveUpAt = performance.now() + 5_000;
while (whatIsLeft().length > 0 && performance.now() < giveUpAt) {
  await new Promise((resolve) => setTimeout(resolve, 5));
}
const faults = Object.values(errors).reduce((sum, count) => sum + count, 0);
console.log(JSON.stringify({ left: whatIsLeft(), hits, faults }));
