import type { RedisTapOptions } from '../tap.ts';
import { defaultGuard, type RedisGuard } from './guard.ts';

type Words = readonly (string | Buffer)[];

/** What a tap does so that its clients share a server with others and do not notice. */
export interface Isolation {
  /** The tap's own commands, before any of the client's and again after RESET. */
  opening: readonly Words[];
  /** What goes to the store in place of a command about credentials or databases; undefined: as it is. */
  rewrite(name: string, args: readonly Buffer[]): Words | undefined;
  guard: RedisGuard | undefined;
}

export function createIsolation(options: RedisTapOptions): Isolation {
  const { database, username, password } = options;
  const guard = options.guard ?? (database === undefined ? undefined : defaultGuard);
  const login = password === undefined ? undefined : ['AUTH', ...(username ? [username] : []), password];
  const select = database === undefined ? undefined : ['SELECT', String(database)];
  // SELECT of the right database says +OK, in a transaction too, just as the client's own login would have.
  const accept = select ?? login;
  return {
    opening: [login, select].filter((command) => command !== undefined),
    guard: guard === false ? undefined : guard,
    rewrite(name, args) {
      if (name === 'SELECT' && args.length === 1 && /^\d+$/.test(String(args[0]))) return select;
      if (name === 'AUTH') return accept;
      if (name === 'HELLO' && accept) return withoutLogin(args);
      return undefined;
    },
  };
}

/** HELLO [version [AUTH user password] [SETNAME name]]: the negotiation in it is to be real. */
function withoutLogin(args: readonly Buffer[]): Words | undefined {
  const at = args.findIndex((arg) => arg.toString('latin1').toUpperCase() === 'AUTH');
  return at < 1 ? undefined : ['HELLO', ...args.slice(0, at), ...args.slice(at + 3)];
}
