import type { Hold, MysqlTap, RedisTap } from '@workshop/wiretap';
import { CheckFailed } from './check-failed.ts';

/** How long it may take until what a check holds up comes by, ms. It says that it never comes; it measures nothing. */
const limitMs = 10_000;

type Weather = MysqlTap['weather'] | RedisTap['weather'];

/**
 * The same weather, but that waiting for a held event ends: the learner's process may be gone, or may never ask.
 * @param store as a message names it
 */
export function limitedWeather<W extends Weather>(weather: W, store: string): W {
  return new Proxy(weather, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      // A class with private fields: its functions must be called on itself.
      const own = value.bind(target) as (...args: unknown[]) => unknown;
      return name === 'hold' ? (...args: unknown[]) => limited(own(...args) as Hold, store) : own;
    },
  });
}

function limited(hold: Hold, store: string): Hold {
  const arrived = within(hold.arrived, store);
  // A check that does not wait for it need not hear of it.
  arrived.catch(() => {});
  return { arrived, release: () => hold.release(), stop: () => hold.stop() };
}

async function within<T>(arrived: Promise<T>, store: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new CheckFailed(`what should have reached ${store} had not come after ${limitMs / 1_000} s`));
    }, limitMs);
  });
  try {
    return await Promise.race([arrived, late]);
  } finally {
    clearTimeout(timer);
  }
}
