import type { Answer } from '@workshop/cache';
import type { ServerResponse } from 'node:http';
import type { QueryResult } from '../store/article-store.ts';

/** How a result was come by, whatever it is. */
type How = QueryResult extends infer Result ? (Result extends unknown ? Omit<Result, 'json'> : never) : never;

/** Tells how a result was come by, in the headers of the answer. */
export function showHow(response: ServerResponse, how: How): void {
  response.setHeader('Server-Timing', serverTiming(how));
  response.setHeader('Cache-Status', cacheStatus(how));
}

/** The `Server-Timing` of a result: one metric for each engine that was asked, in milliseconds. */
export function serverTiming(result: How): string {
  if (result.source === 'watched') return metric('total', result.watched.tookMs, result.watched.outcome);
  if (result.source === 'mysql') return metric('mysql', result.mysqlMs, 'MySQL');
  const { answer } = result;
  const redis = metric('cache', answer.redisMs, `Redis ${answer.outcome}`);
  return answer.outcome === 'hit' ? redis : `${redis}, ${metric('mysql', answer.loadMs, 'MySQL')}`;
}

/** The `Cache-Status` of a result, as RFC 9211 has it. */
export function cacheStatus(result: How): string {
  if (result.source === 'watched') return WATCHED[result.watched.outcome];
  if (result.source === 'mysql') return NOT_ASKED;
  return ['redis', ...cacheStatusOf(result.answer)].join('; ');
}

const NOT_ASKED = 'redis; fwd=bypass; detail=not-asked';
const WATCHED = { hit: 'redis; hit', miss: 'redis; fwd=miss', mysql: NOT_ASKED };

function cacheStatusOf(answer: Answer<unknown>): string[] {
  const key = `key=${structuredString(answer.key)}`;
  if (answer.outcome === 'hit') {
    const detail = answer.reason === 'found' ? [] : [`detail=${answer.reason}`];
    return ['hit', ...ttl(answer.ttlMs), key, ...detail];
  }
  const { storing } = answer;
  return [
    `fwd=${answer.outcome}`,
    ...(storing.stored ? ['stored', ...ttl(storing.ttlMs)] : []),
    ...(answer.coalesced ? ['collapsed'] : []),
    key,
    `detail=${answer.reason}`,
  ];
}

function ttl(ttlMs: number | undefined): string[] {
  return ttlMs === undefined ? [] : [`ttl=${Math.floor(ttlMs / 1_000)}`];
}

/** A string of RFC 8941: ASCII only, so anything else is percent-encoded. */
function structuredString(text: string): string {
  return `"${encodeURI(text).replace(/["\\]/g, String.raw`\$&`)}"`;
}

function metric(name: string, durationMs: number, description: string): string {
  return `${name};dur=${durationMs.toFixed(3)};desc="${description}"`;
}
