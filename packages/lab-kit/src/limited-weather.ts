import type { Hold, MysqlTap, RedisTap } from '@workshop/wiretap';
import { CheckFailed } from './check-failed.ts';

/** How long it may take until what a check holds up comes by, ms. It says that it never comes; it measures nothing. */
const limitMs = 10_000;

type Weather = MysqlTap['weather'] | RedisTap['weather'];

/**
 * The same weather, but that waiting for a held event ends: the learner's process may be gone, or may never ask.
 * @param store as a message names it
 * @param holding what holds something up at this moment; kept up to date
 */
export function limitedWeather<W extends Weather>(weather: W, store: string, holding: Set<Hold>): W {
  const own = new Set<Hold>();
  const begin = (hold: Hold) => {
    own.add(hold);
    holding.add(hold);
  };
  const end = (hold: Hold) => {
    own.delete(hold);
    holding.delete(hold);
  };
  return new Proxy(weather, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      // A class with private fields: its functions must be called on itself.
      const call = value.bind(target) as (...args: unknown[]) => unknown;
      if (name === 'hold') return (...args: unknown[]) => limited(call(...args) as Hold, store, begin, end);
      return (...args: unknown[]) => {
        if (name === 'clear') for (const hold of own) end(hold);
        return call(...args);
      };
    },
  });
}

function limited(hold: Hold, store: string, begin: (hold: Hold) => void, end: (hold: Hold) => void): Hold {
  const arrived = within(hold.arrived, store);
  // A check that does not wait for it need not hear of it.
  arrived.then(
    () => begin(hold),
    () => {},
  );
  const release = () => {
    end(hold);
    hold.release();
  };
  return { arrived, release, stop: release };
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
