import type { CacheOptions } from '../../src/index.ts';
import type { Script } from '../../src/redis/scripts.ts';
import { stampScript, storeScript, writeScript } from '../../src/redis/scripts.ts';
import type { HeldCommand } from './gated-redis.ts';
import type { Names } from './lease-watch.ts';

/**
 * A way of breaking the cache, which the schedules must notice: a suite that cannot fail says nothing. The rules about leases would find
 * most of them at once, so they are not applied: it is the stale read that must be found.
 */
export interface Fault {
  readonly options?: Partial<CacheOptions>;
  /** Changes a command on its way to the server. */
  readonly tamper?: (command: HeldCommand, names: Names) => void;
}

export const FAULTS = {
  /** Loads are shared within a process only, and stored whatever has happened meanwhile. */
  'no leases': { options: { lease: false } },

  /** An invalidation removes the value, but leaves the lease of the load under way. */
  'lease survives an invalidation': {
    tamper: (command, { keys, lease }) => {
      if (command.name === 'unlink') spare(command, new Set(keys.map(lease)));
    },
  },

  /** A `set` replaces the value, but leaves the lease of the load under way. */
  'lease survives a set': {
    tamper: (command) =>
      rewrite(command, writeScript, (source) => source.replace(/redis.call\('DEL'.*\n/, '')),
  },

  /** A load stores its value whoever holds the lease by then. */
  'store does not ask for the lease': {
    tamper: (command) =>
      rewrite(command, storeScript, (source) => source.replace(/if redis.call\('GET'.*\n/, '')),
  },

  /** An invalidation of a tag does not reach its stamp. */
  'stamp survives an invalidation': {
    tamper: (command, { all }) => {
      if (command.name === 'unlink') spare(command, new Set(all.filter((name) => name.includes(':tag:'))));
    },
  },

  /** A stamp that was removed comes back as it was. */
  'stamp comes again': {
    tamper: (command) =>
      rewrite(command, stampScript, (source) => source.replaceAll('ARGV[1]', `'the same as ever'`)),
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

/** Lets an UNLINK pass by these names. */
function spare({ command }: HeldCommand, names: ReadonlySet<string>): void {
  command.args = command.args.map((arg) => (names.has(String(arg)) ? `${String(arg)}:spared` : arg));
}

/** Sends another script in the place of this one. */
function rewrite({ command }: HeldCommand, script: Script, change: (source: string) => string): void {
  if (command.args[0] !== script.sha && command.args[0] !== script.source) return;
  const source = change(script.source);
  if (source === script.source)
    throw new Error(`The script ${script.name} has changed, so this fault does nothing.`);
  command.name = 'eval';
  command.args[0] = source;
}
