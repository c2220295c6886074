import type { Redis } from 'ioredis';
import type { News, SiteStore } from '../../contract-site.ts';

const key = 'news';

type Entry = [id: string, fields: string[]];

export interface NewsChannel extends Pick<SiteStore, 'publishNews' | 'newsSince' | 'nextNews'> {
  close(): void;
}

/**
 * A stream and not pub/sub: who was away for a moment finds what they missed, by the id of the last piece they have.
 */
export function createNews(redis: Redis): NewsChannel {
  return {
    async publishNews(text) {
      // GAP 6: for how long will Redis have room for all of them?
      return (await redis.xadd(key, '*', 'text', text))!;
    },

    async newsSince(id) {
      // GAP 6: what comes after a piece, without that piece.
      return toNews(await redis.xrange(key, id ?? '-', '+'));
    },

    async nextNews(id, waitMs) {
      // GAP 6: who else waits while this command does? And what of the news that came just before it?
      void id;
      const reply = await redis.xread('BLOCK', waitMs, 'STREAMS', key, '$');
      return toNews(reply?.[0]?.[1] ?? []);
    },

    close() {
      // GAP 6: the connections of calls that still wait.
    },
  };
}

function toNews(entries: Entry[]): News[] {
  return entries.map(([id, fields]) => ({ id, text: fields[1] ?? '' }));
}
