import type { Body, Encoding } from '../http/bodies.ts';

/** How a body may be on its way: as it is, or compressed. */
export type Coding = Encoding | 'identity';

const CODINGS: readonly Coding[] = ['identity', 'gzip', 'br'];

/** The strong ETag of a body: other bytes on the wire, another ETag (RFC 9110, 8.8.3.3). */
export function etagOf({ etag }: Body, coding: Coding): string {
  return coding === 'identity' ? `"${etag}"` : `"${etag}-${coding}"`;
}

/** Whether `If-None-Match` names this ETag, so that the client need not get the body again. Compared weakly. */
export function isNoneMatch(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || tagsOf(header).some((tag) => tag.replace(/^W\//, '') === etag);
}

/**
 * Whether `If-Match` allows a change of what this body is now: it names one of its ETags, however the client had it compressed,
 * or any (`*`). Compared strongly: a weak ETag names nothing.
 */
export function isMatch(header: string | undefined, body: Body): boolean {
  if (header === undefined || header.trim() === '*') return true;
  const etags = new Set(CODINGS.map((coding) => etagOf(body, coding)));
  return tagsOf(header).some((tag) => etags.has(tag));
}

function tagsOf(header: string): string[] {
  return header.match(/(?:W\/)?"[^"]*"/g) ?? [];
}
