import type { Observation, RedisEvent } from '@workshop/lab-kit';

/** How long each value that was written is to live, ms, as far as the commands say: what a script does stays unseen. */
export function livesSet(seen: Observation): number[] {
  return seen.redis.flatMap((event) => lifeSet(event) ?? []);
}

function lifeSet({ name, args = [] }: RedisEvent): number | undefined {
  const texts = args.map(String);
  const after = (option: string) => {
    const at = texts.findIndex((text, index) => index > 1 && text.toUpperCase() === option);
    return at < 0 ? undefined : Number(texts[at + 1]);
  };
  switch (name) {
    case 'SET':
      return after('PX') ?? inMs(after('EX'));
    case 'SETEX':
    case 'EXPIRE':
      return inMs(Number(texts[1]));
    case 'PSETEX':
    case 'PEXPIRE':
      return Number(texts[1]);
    default:
      return undefined;
  }
}

function inMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1_000;
}
