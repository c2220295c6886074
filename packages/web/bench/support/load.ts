import { Pool } from 'undici';
import { tellParent, type Slice } from './process.ts';

/** Asks for an address again and again, with so many callers, and tells how many answers a second came whole. */
process.on('message', (slice: Slice) => {
  void run(slice).then(tellParent);
});

async function run({ url, callers, ms }: Slice): Promise<number> {
  const { origin, pathname, search } = new URL(url);
  const pool = new Pool(origin, { connections: callers, pipelining: 1 });
  const startedAt = performance.now();
  const endsAt = startedAt + ms;
  let answers = 0;
  const call = async (): Promise<void> => {
    while (performance.now() < endsAt) {
      const { statusCode, body } = await pool.request({ method: 'GET', path: pathname + search });
      if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}.`);
      await body.dump({ limit: Number.MAX_SAFE_INTEGER });
      answers++;
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  const seconds = (performance.now() - startedAt) / 1_000;
  await pool.close();
  return answers / seconds;
}
