import type { OpenPeer } from '../peers/peer.ts';
import type { Place } from '../place.ts';

/** A way in which a cache can be wrong, provoked on real servers and counted. Right is `wanted`, and more is worse. */
export interface Failure {
  /** What is counted, in a few words. */
  readonly title: string;
  readonly wanted: number;
  /** How often it was seen; undefined for a library that has no such call. */
  see(library: Library, stage: Stage): Promise<number | undefined>;
}

export interface Library {
  /** As a crowd's processes know it. */
  readonly name: string;
  readonly open: OpenPeer;
}

/** The servers, and a prefix that no other run of a failure uses. */
export interface Stage {
  readonly mysqlUrl: string;
  readonly redisUrl: string;
  readonly cluster: Place;
  readonly prefix: string;
}
