import { isIP } from 'node:net';
import type { Cluster, Redis, RedisOptions } from 'ioredis';
import type { RedisClient } from '../redis/client.ts';
import { watchClient } from '../redis/client.ts';

/** A server that reads may go to, so its changes have to be heard of. */
export interface Server {
  /** Another one when there is reason to listen anew, though it may be the same server. */
  readonly id: string;
  /** Whether reads go there now. Of one that only stands by, changes are listened to so that it can take over. */
  readonly isRead: boolean;
  /** A connection to it for tracking. */
  readonly connect: () => Redis;
}

export interface Servers {
  /** As the client knows them at this moment; empty before it is connected. */
  readonly list: () => Server[];
  /** Whether the list may become another without a call of `onChange`. */
  readonly changesSilently: boolean;
  /** Ends the calls of `onChange`. */
  readonly stop: () => void;
}

/** `onChange` is called when the list may be another. */
export function serversOf(client: RedisClient, onChange: () => void): Servers {
  return client.isCluster
    ? clusterServers(client as Cluster, onChange)
    : singleServer(client as Redis, onChange);
}

/**
 * The server that the client is connected to, wherever that is: behind a name that leads to several, and after a failover to which
 * Sentinel or DNS led the client, tracking has to be where the reads go. So each connection that the client makes counts as another
 * server. While it has none, the last one is still listened to: no read goes elsewhere meanwhile.
 */
function singleServer(client: Redis, onChange: () => void): Servers {
  let connections = 0;
  const here = (): Server => {
    const where = whereTo(client.options, client.stream);
    connections++;
    return {
      id: `connection ${connections}`,
      isRead: true,
      connect: () => client.duplicate({ ...PLAIN, ...where }),
    };
  };
  let current = client.status === 'ready' ? here() : undefined;
  const stop = watchClient(client).onReady(() => {
    current = here();
    onChange();
  });
  return { list: () => (current === undefined ? [] : [current]), changesSilently: false, stop };
}

function clusterServers(cluster: Cluster, onChange: () => void): Servers {
  const events = ['+node', '-node', 'refresh'];
  for (const event of events) cluster.on(event, onChange);
  const readsReplicas = (cluster.options.scaleReads ?? 'master') !== 'master';
  const servers = (role: 'master' | 'slave', isRead: boolean) =>
    cluster.nodes(role).map((node) => ({
      id: `${node.options.host}#${node.options.port}`,
      isRead,
      connect: () => node.duplicate(PLAIN),
    }));
  return {
    list: () => [...servers('master', true), ...servers('slave', readsReplicas)],
    // A MOVED reply makes ioredis 6 take a replica for a primary without an event.
    changesSilently: true,
    stop: () => {
      for (const event of events) cluster.off(event, onChange);
    },
  };
}

/** What a tracking connection is besides where it leads and who it logs in as: all that a client does for commands is left out. */
const PLAIN = {
  protocol: 2,
  lazyConnect: false,
  // Nobody else's commands: no queues, nothing sent twice, and whoever made the connection makes the next.
  retryStrategy: null,
  reconnectOnError: null,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  // INFO may be forbidden, and a server that is still loading is one whose changes are to be heard of.
  enableReadyCheck: false,
  commandTimeout: undefined,
  socketTimeout: undefined,
  db: 0,
  keyPrefix: '',
  readOnly: false,
  monitor: false,
  scripts: undefined,
  himportFieldsets: undefined,
} as const satisfies RedisOptions;

function whereTo({ host, tls }: RedisOptions, stream: Redis['stream']): RedisOptions {
  const { remoteAddress, remotePort } = stream;
  // A socket file has no address, and needs none.
  if (remoteAddress === undefined || remotePort === undefined) return { sentinels: undefined };
  const isEncrypted = 'encrypted' in stream;
  // The certificate is for the name, not for the address.
  const named = host === undefined || isIP(host) ? {} : { servername: host };
  return {
    sentinels: undefined,
    host: remoteAddress,
    port: remotePort,
    tls: isEncrypted ? { ...named, ...tls } : undefined,
  };
}
