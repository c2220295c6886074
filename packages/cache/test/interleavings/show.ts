import * as scripts from '../../src/redis/scripts.ts';
import type { HeldCommand, HeldReply } from './gated-redis.ts';
import type { Names } from './lease-watch.ts';

const SCRIPT_NAMES = new Map(
  Object.values(scripts)
    .filter((script) => typeof script === 'object')
    .flatMap(({ name, sha, source }) => [
      [sha, name],
      [source, name],
    ]),
);

/** A command as a transcript shows it: its name or its script's, and the keys it names. What is random in it is left out. */
export function showCommand({ name, args }: HeldCommand, { keys, value, lease }: Names): string {
  const words = args.flatMap((arg) => {
    const key = keys.find((each) => arg === value(each));
    if (key !== undefined) return [key];
    const leased = keys.find((each) => arg === lease(each));
    if (leased !== undefined) return [`lease(${leased})`];
    const tag = /:tag:\{(.+)\}$/.exec(arg)?.[1];
    return tag === undefined ? [] : [`tag(${tag})`];
  });
  return [SCRIPT_NAMES.get(args[0] ?? '') ?? name, ...words].join(' ');
}

const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g;

/** How long a load took, by the real clock. */
const TOOK = /"took":[\d.]+/g;

/** A reply on one line. Without its tokens, stamps and times taken, which are never the same again. */
export function showReply({ name, value }: HeldReply): string {
  return `${name.toLowerCase()}: ${showValue(value)}`;
}

function showValue(value: unknown): string {
  // The time that a key has left is another in each run; versions and results are small.
  if (typeof value === 'number' && value > 1_000) return '*';
  if (value === null || value === undefined) return '-';
  if (Array.isArray(value)) return `[${value.map(showValue).join(' ')}]`;
  if (value instanceof Error) return value.message;
  const text = Buffer.isBuffer(value) ? value.toString('latin1') : JSON.stringify(value);
  return text.replaceAll(UUID, '*').replaceAll(TOOK, '"took":*').replaceAll(/\s+/g, ' ');
}
