import { Redis } from 'ioredis';
import { NearCache } from '../../../src/near/near.ts';

// A program that forgets to close its near cache, and has nothing else to do.
const [url = '', prefix = ''] = process.argv.slice(2);
const client = new Redis(url);
const near = new NearCache({
  client,
  prefix,
  maxEntries: 10,
  ttlMs: 60_000,
  heartbeatMs: 1_000,
  now: () => Date.now(),
  onState: (state) => {
    console.log(state);
    if (state === 'on') client.disconnect();
  },
  onError: (error) => console.error(error),
});
console.log(near.size);
