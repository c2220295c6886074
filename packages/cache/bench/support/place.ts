import type { Redis } from 'ioredis';
import { Cluster, Redis as SingleRedis } from 'ioredis';

/** A Redis to talk to: one server, or with `nodes` a cluster, whose password is the URL's. */
export interface Place {
  readonly url: string;
  readonly nodes?: readonly { readonly host: string; readonly port: number }[] | undefined;
}

/**
 * A client as ioredis makes it; `autoPipelined` sends the commands of one tick together. What goes wrong with it is
 * seen by the commands that fail.
 */
export function connectTo({ url, nodes }: Place, { autoPipelined = false } = {}): Redis | Cluster {
  const enableAutoPipelining = autoPipelined;
  const client =
    nodes === undefined
      ? new SingleRedis(url, { enableAutoPipelining, maxRetriesPerRequest: 1 })
      : new Cluster([...nodes], {
          enableAutoPipelining,
          redisOptions: { password: passwordOf(url), maxRetriesPerRequest: 1 },
        });
  client.on('error', () => {});
  return client;
}

export function passwordOf(url: string): string {
  return decodeURIComponent(new URL(url).password);
}
