import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EngineError } from '../engine-error.ts';
import { redisDaemon, redisUrl } from '../native-redis.ts';
import { findFreePorts } from '../ports.ts';
import { makeCertificate } from './certificate.ts';
import { findThrowawayServer } from './find-server.ts';
import { Keeper } from './keeper.ts';
import { ThrowawayServer } from './server.ts';

export interface ThrowawayOptions {
  /** As redis.conf writes it: `16mb`. @default 64mb */
  maxmemory?: string;
  /** @default noeviction, so that nothing is gone which the test did not remove */
  maxmemoryPolicy?: string;
  /** A second user, who may use only keys of this pattern. */
  acl?: ThrowawayUser;
  /** TLS only, with a certificate made for this server: see `ca`. */
  tls?: boolean;
  /** Further lines of redis.conf, which have the last word: `{ 'repl-timeout': '5' }`. */
  config?: Record<string, string>;
}

export interface ThrowawayUser {
  user: string;
  password: string;
  /** A glob: `articles:*`. */
  keyPattern: string;
  /** Further rules, as ACL SETUSER takes them. @default every command, no channel: `['+@all', 'resetchannels']` */
  rules?: readonly string[];
}

const PORT_ATTEMPTS = 5;

/** What `startServer` needs beyond a test's options, for servers that belong together. */
export interface Membership {
  /** The password that its fellows have. */
  password?: string;
  /** Also keeps the port of the cluster bus free. */
  withBus?: boolean;
}

/**
 * Starts a Redis or Valkey server that is the caller's alone, on a free port of 127.0.0.1, in a temporary folder. `stop()` ends it, and so does
 * the end of this process, whatever way that comes. @throws {EngineError}
 */
export function throwawayRedis(options: ThrowawayOptions = {}): Promise<ThrowawayServer> {
  return startServer(options);
}

/** Starts `count` servers at once; when one fails, the others are stopped. @throws {EngineError} */
export async function startServers(
  count: number,
  options: ThrowawayOptions,
  membership: Membership,
): Promise<ThrowawayServer[]> {
  const starts = Array.from({ length: count }, () => startServer(options, membership));
  const results = await Promise.allSettled(starts);
  const servers = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure === undefined) return servers;
  await Promise.all(servers.map((server) => server.stop()));
  throw failure.reason;
}

async function startServer(
  options: ThrowawayOptions,
  { password = randomBytes(18).toString('base64url'), withBus = false }: Membership = {},
): Promise<ThrowawayServer> {
  for (let attempt = 1; ; attempt += 1) {
    const server = await prepare(options, password, await findFreePorts(1, { withBus }));
    try {
      await server.restart();
      return server;
    } catch (error) {
      await server.stop();
      // Another program may take the port between our look and the server's.
      const isTaken = error instanceof EngineError && error.code === 'port-taken';
      if (!isTaken || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

async function prepare(options: ThrowawayOptions, password: string, port: number): Promise<ThrowawayServer> {
  const program = await findThrowawayServer();
  const folder = await mkdtemp(path.join(tmpdir(), 'throwaway-redis-'));
  const dataDir = path.join(folder, 'data');
  await mkdir(dataDir);
  const tls = options.tls ? await tlsDirectives(folder, port) : undefined;
  const { maxmemory = '64mb', maxmemoryPolicy = 'noeviction', acl, config } = options;
  const daemon = await redisDaemon({ name: 'server', folder, dataDir, port, password }, program, {
    save: '""',
    'repl-diskless-sync-delay': '0',
    maxmemory,
    'maxmemory-policy': maxmemoryPolicy,
    ...tls?.directives,
    ...(acl && { user: aclLine(acl) }),
    ...config,
  });
  const url = tls ? secure(redisUrl(port, password)) : redisUrl(port, password);
  return new ThrowawayServer({
    address: { url, ca: tls?.ca },
    userUrl: acl && as(acl, url),
    dataDir,
    logFile: daemon.logFile,
    keeper: new Keeper(folder, [daemon.command, ...daemon.args]),
  });
}

async function tlsDirectives(folder: string, port: number) {
  const { key, cert } = await makeCertificate();
  const files = { key: path.join(folder, 'key.pem'), cert: path.join(folder, 'cert.pem') };
  await writeFile(files.key, key, { mode: 0o600 });
  await writeFile(files.cert, cert);
  const directives = {
    port: '0',
    'tls-port': String(port),
    'tls-key-file': `"${files.key}"`,
    'tls-cert-file': `"${files.cert}"`,
    'tls-ca-cert-file': `"${files.cert}"`,
    'tls-auth-clients': 'no',
  };
  return { directives, ca: cert };
}

const secure = (url: string) => url.replace(/^redis:/, 'rediss:');

function aclLine({ user, password, keyPattern, rules = ['+@all', 'resetchannels'] }: ThrowawayUser): string {
  return [user, 'on', `>${password}`, `~${keyPattern}`, ...rules].join(' ');
}

function as({ user, password }: ThrowawayUser, url: string): string {
  const named = new URL(url);
  Object.assign(named, { username: user, password });
  return named.href;
}
