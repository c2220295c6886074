import type { Redis } from 'ioredis';
import type { News, SiteStore } from '../../contract-site.ts';

const key = 'news';
/** `~` lets Redis drop a whole node of the stream, some 100 pieces, when it can: cheaper than one by one. */
const kept = 300;

type Entry = [id: string, fields: string[]];

export interface NewsChannel extends Pick<SiteStore, 'publishNews' | 'newsSince' | 'nextNews'> {
  close(): void;
}

/**
 * A stream and not pub/sub: who was away for a moment finds what they missed, by the id of the last piece they have.
 */
export function createNews(redis: Redis): NewsChannel {
  const waiting = new Set<Redis>();

  async function newsSince(id?: string): Promise<News[]> {
    return toNews(await redis.xrange(key, id === undefined ? '-' : `(${id}`, '+'));
  }

  return {
    newsSince,

    async publishNews(text) {
      return (await redis.xadd(key, 'MAXLEN', '~', kept, '*', 'text', text))!;
    },

    async nextNews(id, waitMs) {
      // A command that blocks has a connection to itself: what stands behind it on the same one would wait as well.
      const own = redis.duplicate({ commandTimeout: waitMs + 1_000 });
      own.on('error', () => {});
      waiting.add(own);
      try {
        // From the id on, and not `$`: what came between two calls counts too.
        const reply = await own.xread('BLOCK', waitMs, 'STREAMS', key, id ?? '0');
        return toNews(reply?.[0]?.[1] ?? []);
      } finally {
        waiting.delete(own);
        own.disconnect();
      }
    },

    close() {
      for (const own of waiting) own.disconnect();
    },
  };
}

function toNews(entries: Entry[]): News[] {
  return entries.map(([id, fields]) => ({ id, text: fields[1] ?? '' }));
}
