import type { RedisClient } from '@workshop/cache';
import { cacheClientOptions, clusterClientOptions } from '@workshop/cache';
import type { RedisOptions } from 'ioredis';
import { Cluster, Redis } from 'ioredis';
import type { Credentials, Secret } from '../config/secret.ts';
import type { RedisMode } from '../config/settings.ts';
import type { Trust } from '../config/trust.ts';
import { credentialsOf } from '../config/urls.ts';
import { Login } from './login.ts';

export interface RedisClientOptions {
  readonly url: string;
  /** @default node */
  readonly mode?: RedisMode | undefined;
  /** For `rediss:`. @default the authorities that Node trusts */
  readonly tls?: Trust | undefined;
  /** Where the URL's user and password come from. @default they stay as they are */
  readonly secret?: Secret | undefined;
  /** @default 0: the secret is asked for only when Redis refuses what it held */
  readonly secretRefreshMs?: number | undefined;
  /** Told when a secret cannot be renewed, once until Redis is back. The client goes on trying to connect. */
  readonly onSecretError?: ((error: unknown) => void) | undefined;
}

export interface ConnectedRedis {
  readonly client: RedisClient;
  readonly disconnect: () => void;
}

/** A client for the cache, which connects by itself for as long as it takes; with new credentials when those it has are refused. */
export function connectRedis(options: RedisClientOptions): ConnectedRedis {
  const { secret } = options;
  const client = options.mode === undefined || options.mode === 'node' ? single(options) : cluster(options);
  // Each read that had to do without Redis reports it; the client itself connects again.
  client.on('error', () => {});
  if (secret === undefined) return { client, disconnect: () => client.disconnect() };

  const onSecretError = options.onSecretError ?? (() => {});
  const login = new Login({
    engine: 'redis',
    credentials: credentialsOf(options.url),
    secret,
    refreshMs: options.secretRefreshMs ?? 0,
    onError: onSecretError,
  });
  // Redis asks for a password only as a connection begins: those that are open stay.
  login.onChange((credentials) => setCredentials(client, credentials));
  // A cluster makes a client for each node that it finds, from a copy of the options as they were.
  client.on('+node', (node: Redis) => setCredentials(node, login.current));

  let isTold = false;
  const tellOnce = (error: unknown) => {
    if (!isTold) onSecretError(error);
    isTold = true;
  };
  const renew = async () => {
    try {
      await login.renew(login.current);
    } catch (error) {
      tellOnce(error);
    }
  };
  client.on('error', (error: unknown) => {
    if (isRefusal(error)) void renew();
  });
  client.on('ready', () => {
    isTold = false;
  });
  return {
    client,
    disconnect: () => {
      login.close();
      client.disconnect();
    },
  };
}

function single({ url, tls }: RedisClientOptions): Redis {
  return new Redis(url, { ...cacheClientOptions, ...tlsOf(url, tls) });
}

/** ElastiCache's certificates are for the nodes' names, so that these are not resolved before they are connected to. */
function cluster({ url, tls }: RedisClientOptions): Cluster {
  const { hostname, port } = new URL(url);
  const { user, password } = credentialsOf(url);
  return new Cluster([{ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) }], {
    ...clusterClientOptions,
    dnsLookup: (address, callback) => callback(null, address),
    redisOptions: { ...cacheClientOptions, ...tlsOf(url, tls), username: user, password },
  });
}

function tlsOf(url: string, trust: Trust | undefined): Pick<RedisOptions, 'tls'> {
  if (!url.startsWith('rediss:')) return {};
  const ca = trust?.ca;
  return {
    tls: { minVersion: 'TLSv1.2', ...(ca !== undefined && { ca: typeof ca === 'string' ? ca : [...ca] }) },
  };
}

/** ioredis reads them from here whenever it connects. */
function setCredentials(client: RedisClient, { user, password }: Credentials): void {
  const fresh = { username: user, password };
  if (client instanceof Redis) {
    Object.assign(client.options, fresh);
    return;
  }
  Object.assign(client.options.redisOptions ?? {}, fresh);
  for (const node of client.nodes('all')) Object.assign(node.options, fresh);
}

function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // A cluster's own error has the node's inside.
  if ('lastNodeError' in error && isRefusal(error.lastNodeError)) return true;
  return /^(WRONGPASS|NOAUTH)\b|invalid password/.test(error.message);
}
