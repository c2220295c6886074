import { deserialize, serialize } from 'node:v8';
import { createCache } from '@workshop/cache';
import type { Codec } from '@workshop/cache';

/** Node's own format: keeps what a worker thread could be sent. */
const v8Codec: Codec = { encode: serialize, decode: deserialize };

export async function example({ redis, prefix }: { redis: string; prefix: string }) {
  const plain = createCache({ redis, prefix: `${prefix}:plain` });
  const small = createCache({ redis, prefix: `${prefix}:small`, compress: { fromBytes: 1_024 } });
  const other = createCache({ redis, prefix: `${prefix}:other`, codec: v8Codec });

  const text = 'The river carries silt to the sea. '.repeat(1_000);
  await plain.set('text', text, { ttlMs: 60_000 });
  await small.set('text', text, { ttlMs: 60_000 });
  const ratio = plain.stats().bytesWritten / small.stats().bytesWritten;

  const pattern = await other.getOrLoadWithOutcome('pattern', () => /delta/i, { ttlMs: 60_000 });
  const refused = await plain.getOrLoadWithOutcome('pattern', () => /delta/i, { ttlMs: 60_000 });

  await Promise.all([plain.close(), small.close(), other.close()]);
  const isStored = [pattern, refused].map((answer) => 'storing' in answer && answer.storing.stored);
  return { isSmallerTenfold: ratio > 10, isStored };
}
