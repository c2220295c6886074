import { createServer } from 'node:net';
import { EngineError } from './engine-error.ts';

/** A Redis Cluster node listens for its fellows this far above its port. */
export const CLUSTER_BUS_OFFSET = 10_000;

// Below the range from which Linux (32768) and macOS (49152) number outgoing connections, with the cluster bus
// too, so that no browser tab takes an engine's port while the engine is down.
const FIRST = 13_000;
const LAST = 22_500;

/** Whether a program could listen on 127.0.0.1 at this port now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * `count` free ports in a row on 127.0.0.1, each with its cluster bus port free too if `withBus`. They are picked at random,
 * so that two state folders seldom pick the same; nothing holds them until an engine does.
 *
 * @throws {EngineError} code `port-taken`
 */
export async function findFreePorts(count = 1, { withBus = false } = {}): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const first = FIRST + Math.floor(Math.random() * (LAST - FIRST - count));
    if (await allFree(first, count, withBus)) return first;
  }
  throw new EngineError(
    'port-taken',
    `No ${count} free ports in a row between ${FIRST} and ${LAST} on 127.0.0.1. End some servers.`,
  );
}

export async function allFree(first: number, count: number, withBus: boolean): Promise<boolean> {
  for (let port = first; port < first + count; port += 1) {
    if (!(await isFree(port)) || (withBus && !(await isFree(port + CLUSTER_BUS_OFFSET)))) return false;
  }
  return true;
}
