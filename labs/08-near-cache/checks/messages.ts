import type { CheckContext, RedisEvent } from '@workshop/lab-kit';

/** What Redis tells by itself, of changes and of what was published, waits until this is stopped. No connection is lost. */
export function holdMessages(weather: CheckContext['weather']): { stop(): void } {
  return weather.redis.hang((event) => event.kind === 'push');
}

const subscribing = new Set(['SUBSCRIBE', 'PSUBSCRIBE', 'SSUBSCRIBE']);

type Half = 'CLIENT TRACKING' | 'SUBSCRIBE';

/** One half of asking to be told of changes, or the other. */
function isHalf(half: Half, { name = '', args = [] }: RedisEvent): boolean {
  if (half === 'SUBSCRIBE') return subscribing.has(name);
  return name === 'CLIENT' && args[0]?.toString().toUpperCase() === 'TRACKING';
}

export function refuseListening(weather: CheckContext['weather'], half: Half): { stop(): void } {
  const command = half.toLowerCase().replace(' ', '|');
  return weather.redis.fail(
    (event) => isHalf(half, event),
    `NOPERM User default has no permissions to run the '${command}' command`,
  );
}

/** The answer does not come until this is stopped. */
export function delayListening(weather: CheckContext['weather'], half: Half): { stop(): void } {
  return weather.redis.hang((event) => isHalf(half, event));
}
