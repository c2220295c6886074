import type { Place } from '../place.ts';

/** One cache library, as the comparisons use it. Values live for `PEER_TTL_MS`, in Redis and as JSON. */
export interface Peer {
  getOrLoad(key: string, load: () => Promise<unknown>): Promise<unknown>;
  invalidate(key: string): Promise<unknown>;
  /** Removes everything of this cache's; undefined when the library has no such call. */
  clear?(): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * Makes a cache whose keys stand apart from every other `prefix`'s. `withMemory` puts the library's in-process layer before
 * Redis, where it has one.
 */
export type OpenPeer = (
  place: Place,
  prefix: string,
  options?: { readonly withMemory?: boolean },
) => Promise<Peer>;

export const PEER_TTL_MS = 600_000;
