import { BlockList } from 'node:net';
import { prometheusMetrics } from '@workshop/cache/prometheus';
import { Router, type RequestHandler } from 'express';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { ArticleStore } from '../store/article-store.ts';
import { ProblemError } from '../errors.ts';
import { HttpMetrics } from './http-metrics.ts';

export interface Metrics {
  readonly http: HttpMetrics;
  /** `GET /metrics`, as Prometheus scrapes it. */
  readonly routes: Router;
}

/** The figures of one application: its requests, its cache, its connections to MySQL, and the process it runs in. */
export function createMetrics(store: ArticleStore): Metrics {
  const registry = new Registry();
  const http = new HttpMetrics(registry);
  const stats = store.cacheStats?.bind(store);
  if (stats !== undefined) prometheusMetrics({ stats }, { registry, labels: { cache: 'articles' } });
  const pool = store.mysqlPool?.bind(store);
  if (pool !== undefined) poolGauges(registry, pool);

  const routes = Router();
  routes.get('/metrics', nearbyOnly, async (_request, response) => {
    const text = await Registry.merge([processRegistry(), registry]).metrics();
    response.setHeader('Content-Type', registry.contentType);
    response.end(text);
  });
  return { http, routes };
}

function poolGauges(registry: Registry, pool: NonNullable<ArticleStore['mysqlPool']>): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge('mysql_pool_connections_max', 'How many connections to MySQL there may be.', () => pool().limit);
  gauge('mysql_pool_connections_in_use', 'Connections to MySQL at work.', () => pool().inUse);
  gauge('mysql_pool_waiting', 'Requests that wait for a connection to MySQL.', () => pool().waiting);
}

let ofProcess: Registry | undefined;

/** The process's own figures (CPU, memory, event loop, garbage collection): one set, however many applications it runs. */
function processRegistry(): Registry {
  if (ofProcess === undefined) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return ofProcess;
}

/** This machine, and the networks that are not the internet (RFC 1918, RFC 4193, link-local). */
const NEARBY = new BlockList();
NEARBY.addSubnet('127.0.0.0', 8);
NEARBY.addSubnet('10.0.0.0', 8);
NEARBY.addSubnet('172.16.0.0', 12);
NEARBY.addSubnet('192.168.0.0', 16);
NEARBY.addSubnet('169.254.0.0', 16);
NEARBY.addAddress('::1', 'ipv6');
NEARBY.addSubnet('fc00::', 7, 'ipv6');
NEARBY.addSubnet('fe80::', 10, 'ipv6');

/**
 * Lets those ask who stand beside this server, as a Prometheus does: with a private address, and with no proxy in between. What a
 * balancer or a proxy passes on comes from the visitors, who share this port and need not know how busy it is. The address is that of the
 * connection, which nobody can make up.
 */
const nearbyOnly: RequestHandler = ({ socket, headers }, _response, next) => {
  const isPassedOn = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
  next(!isPassedOn && isNearby(socket.remoteAddress) ? undefined : new ProblemError('not-found', NOT_HERE));
};

const NOT_HERE = 'Nothing lives at this address for those who ask from afar, or through a proxy.';

export function isNearby(address: string | undefined): boolean {
  if (address === undefined) return false;
  // An IPv4 address, as a socket that listens for both has it.
  const plain = address.replace(/^::ffff:/i, '');
  return NEARBY.check(plain, plain.includes(':') ? 'ipv6' : 'ipv4');
}
