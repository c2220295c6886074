import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { createApp } from './app.ts';
import type { ArticleStore } from './store/article-store.ts';
import type { Config } from './config/index.ts';
import { createDashboard } from './dashboard/dashboard.ts';
import { createDemoStore } from './store/demo-store.ts';
import { expressMessages } from './http/express-messages.ts';
import type { Unbreakable } from './faults/break-page.ts';
import { Faults } from './faults/faults.ts';
import { Load } from './load/load.ts';
import { ownAddress } from './load/own-address.ts';
import { createLogger } from './logging.ts';

/** The server could not begin to listen. `message` is one line that says what to do. */
export class ListenError extends Error {
  override name = 'ListenError';
}

export interface StartOptions {
  /** Default: JSON lines to standard output, at the configured level. */
  readonly logger?: Logger;
  /** Default: the demo's own store on the configured engines. Closed with the server, whoever made it. */
  readonly store?: ArticleStore;
  /** A Redis that may be broken, or why there is none. What is broken is mended with the server's end. */
  readonly faults?: Faults | Unbreakable;
  /** Set on every answer. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RunningServer {
  /** `http://127.0.0.1:8008`, with the port that was really taken. */
  readonly url: string;
  readonly port: number;
  /**
   * Takes no new connection, lets requests in flight finish within the configured limit, then closes the engines'
   * clients. Safe to call twice.
   */
  close(): Promise<void>;
}

/** Starts the demo. Rejects with `ListenError`; engines that are away do not keep it from starting. */
export async function startServer(config: Config, options: StartOptions = {}): Promise<RunningServer> {
  const logger = options.logger ?? createLogger(config.logLevel);
  const faults = options.faults instanceof Faults ? options.faults : undefined;
  faults?.on('change', (change) => logger.info({ fault: change }, change.text));
  const store =
    options.store ??
    createDemoStore({
      ...config,
      onCacheError: (err) => logger.warn({ err }, 'went on without Redis'),
      onSecretError: (err) => logger.warn({ err }, 'no new credentials from the secret'),
      onRead: faults && ((key) => faults.hotKeys.record(key)),
    });
  const dashboard = createDashboard({
    sources: {
      cacheStats: store.cacheStats?.bind(store),
      askRedis: store.askRedis?.bind(store),
      askMysql: store.askMysql?.bind(store),
    },
    onError: (err) => logger.error({ err }, 'no sample for the dashboard'),
  });
  faults?.on('change', (change) => dashboard.mark(change.text));
  const load = config.loadGenerator
    ? new Load({
        url: () => ownAddress({ host: config.host, port: portOf(server) ?? config.port }),
        cacheOnly: store.name !== undefined,
        onChange: (state) => dashboard.showLoad(state),
        onError: (err) => logger.error({ err }, 'the load failed'),
      })
    : undefined;
  const { faults: breakable, headers } = options;
  const { trustProxy, rateLimitPerMinute } = config;
  const app = createApp({
    store,
    logger,
    dashboard,
    load,
    faults: breakable,
    trustProxy,
    rateLimitPerMinute,
    headers,
  });
  const server = createServer(expressMessages(app), app);
  const closeTools = async () => {
    await load?.close();
    await dashboard.close();
  };
  const drain = drainer(server);

  try {
    await listen(server, config);
  } catch (error) {
    await closeTools();
    await store.close();
    throw error;
  }
  const port = portOf(server) ?? config.port;
  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
  logger.info({ url }, 'listening');

  let closing: Promise<void> | undefined;
  return {
    url,
    port,
    close() {
      closing ??= (async () => {
        logger.info('stopping');
        await faults?.close().catch((err: unknown) => logger.error({ err }, 'Redis was not mended'));
        await closeTools();
        const wasCutOff = await drain(config.stopLimitMs);
        if (wasCutOff) logger.warn('requests still in flight at the limit were cut off');
        await store.close();
        logger.info('stopped');
      })();
      return closing;
    },
  };
}

/** Undefined before it listens. */
function portOf(server: Server): number | undefined {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : undefined;
}

async function listen(server: Server, { host, port }: Config): Promise<void> {
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new ListenError(explain(code, host, port) ?? `Cannot listen on ${host}:${port} (${code}).`, {
      cause: error,
    });
  }
}

function explain(code: string, host: string, port: number): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is taken by another program. Stop that one, or choose another port: PORT=${port + 1} npm start`;
    case 'EACCES':
      return `This user may not listen on port ${port}. Choose one above 1023: PORT=8008 npm start`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `HOST is ${host}, which is no address of this machine. Use 127.0.0.1, or 0.0.0.0 for all of them.`;
  }
  return undefined;
}

/**
 * Watches a server's connections from now on, and returns what drains them: it stops listening, closes each connection as
 * soon as no request is in flight on it, and all of them at the limit. Resolves, once all are closed, to whether the limit
 * was reached.
 *
 * `closeIdleConnections` is not enough: it leaves those alone on which nothing was ever asked, which a browser opens on
 * the chance that they will be needed, and those whose last request ends during the shutdown.
 */
function drainer(server: Server): (limitMs: number) => Promise<boolean> {
  const inFlight = new Map<Socket, number>();
  let isStopping = false;

  server.on('connection', (socket: Socket) => {
    inFlight.set(socket, 0);
    socket.once('close', () => inFlight.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    inFlight.set(socket, (inFlight.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const left = (inFlight.get(socket) ?? 1) - 1;
      if (inFlight.has(socket)) inFlight.set(socket, left);
      if (isStopping && left === 0) socket.destroySoon();
    });
  });

  return async (limitMs) => {
    isStopping = true;
    const closed = once(server, 'close');
    server.close();
    for (const [socket, requests] of inFlight) {
      if (requests === 0) socket.destroySoon();
    }
    let wasCutOff = false;
    const timer = setTimeout(() => {
      wasCutOff = true;
      server.closeAllConnections();
    }, limitMs);
    await closed;
    clearTimeout(timer);
    return wasCutOff;
  };
}
