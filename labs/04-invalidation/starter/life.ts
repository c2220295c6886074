/** Seconds that an answer lives in Redis. */
const foundSeconds = 60;
/** "There is no such thing" is asked by mistake, or just before the thing is made: it must not be believed for long. */
const nothingSeconds = 10;
/** How far a life may be from its mean, as a part of it. */
const spread = 0.1;

/**
 * How long an answer is to live, ms. What is stored together must not expire together, or one quiet second is followed
 * by one in which everything is loaded at once.
 */
export function lifeOf(value: unknown): number {
  const mean = (isNothing(value) ? nothingSeconds : foundSeconds) * 1_000;
  return Math.round(mean * (1 + spread * (2 * Math.random() - 1)));
}

function isNothing(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}
