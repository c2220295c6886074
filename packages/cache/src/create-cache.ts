import { setMaxListeners } from 'node:events';
import type { Cluster } from 'ioredis';
import { Redis } from 'ioredis';
import { Cache } from './cache.ts';
import { Changes } from './changes.ts';
import { Flights } from './flights.ts';
import { NoLeases, RedisLeases } from './leases.ts';
import { LoadGate } from './load-gate.ts';
import { Loading } from './loading.ts';
import { Loads } from './loads.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { ErrorMemory } from './error-memory.ts';
import { Writing } from './writing.ts';
import { Monitor } from './monitor/monitor.ts';
import { namesUnder } from './names.ts';
import { NearCache } from './near/near.ts';
import type { CacheOptions } from './options.ts';
import { checkOptions } from './options.ts';
import { Probe } from './probe.ts';
import { Reading } from './reading.ts';
import { Reads } from './reads.ts';
import { CircuitBreaker } from './redis/breaker.ts';
import { clearPrefix } from './redis/clear.ts';
import type { RedisClient } from './redis/client.ts';
import { cacheClientOptions } from './redis/client.ts';
import { withDeadline } from './redis/deadline.ts';
import { RedisLink } from './redis/link.ts';
import { Shelf } from './shelf.ts';
import { TagStamps } from './tag-stamps.ts';
import { systemTime } from './time.ts';
import { jsonCodec } from './value/codec.ts';

/**
 * Makes a cache. Throws `CacheOptionError` for an option that cannot work; does not wait for Redis, which may be
 * away now and come later.
 */
export function createCache(options: CacheOptions): Cache {
  checkOptions(options);
  const { prefix, timeoutMs = 250, codec = jsonCodec, time = systemTime, tracing, lease, probe } = options;
  const { ms: leaseMs = 3_000, waitMs = 10_000 } = lease === false ? {} : (lease ?? {});
  const monitor = new Monitor({ onError: options.onError });
  const names = namesUnder(prefix);
  const gate = new LoadGate(options.loads?.maxConcurrent ?? 64);
  const flights = new Flights();
  const closing = new AbortController();
  // One listener for each reader that waits for a lease; there may be many.
  setMaxListeners(0, closing.signal);
  // The breaker is there before the leases are.
  let onBack = () => {};
  const wiring = wire(options, monitor, timeoutMs, () => onBack());
  const { client, primary, shelf, breaker } = wiring;
  const near = makeNear(options, client, monitor);
  const stamps = new TagStamps(primary, names);
  const reading = new Reading({ timeoutMs, shelf, names, codec, monitor, near, time });
  const leases =
    lease === false ? new NoLeases(primary) : new RedisLeases(primary, prefix, Math.ceil(leaseMs));
  onBack = () => leases.releaseAgain();
  const keeper = new LeaseKeeper({ leases, monitor, time, leaseMs: lease === false ? undefined : leaseMs });
  const errors = new ErrorMemory(time);
  const writing = new Writing({
    leases,
    keeper,
    stamps,
    codec,
    monitor,
    time,
    timeoutMs,
    deflateFrom: options.compress?.fromBytes ?? Infinity,
    wantsTimes: probe !== undefined,
    closing: closing.signal,
  });
  const loads = new Loads({ prefix, flights, keeper, writing, errors, monitor, time, tracing });
  const loading = new Loading({
    reading,
    shelf,
    leases,
    stamps,
    flights,
    loads,
    gate,
    errors,
    names,
    monitor,
    time,
    waitMs,
    timeoutMs,
    closing: closing.signal,
  });
  const gatedProbe = probe && new Probe(probe.rate, { shelf, monitor, time, gate });
  return new Cache({
    prefix,
    names,
    monitor,
    reading,
    gate,
    near,
    breaker,
    tracing,
    owed: shelf.owed,
    probe: gatedProbe,
    reads: new Reads({ timeoutMs, codec, monitor, reading, loading, gate, probe: gatedProbe }),
    changes: new Changes({
      timeoutMs,
      names,
      codec,
      time,
      monitor,
      shelf,
      stamps,
      flights,
      writing,
      errors,
      near,
      clear: () => clearPrefix(client, prefix, timeoutMs),
    }),
    async close() {
      closing.abort();
      flights.voidAll();
      keeper.close();
      leases.close();
      await Promise.all([near?.close(), shelf.close()]);
      await wiring.disconnect();
    },
  });
}

interface Wiring {
  readonly client: RedisClient;
  readonly primary: RedisLink;
  readonly shelf: Shelf;
  readonly breaker: CircuitBreaker | undefined;
  readonly disconnect: () => Promise<void>;
}

/** The connections, and what is said over which. */
function wire(
  { redis, prefix, replicas, breaker: breaking, time = systemTime }: CacheOptions,
  monitor: Monitor,
  timeoutMs: number,
  onBack: () => void,
): Wiring {
  const ours: RedisClient[] = [];
  const connectOwn = (client: RedisClient) => {
    // ioredis connects again by itself, and a read that meets the fault reports it; without a listener it would be printed.
    client.on('error', () => {});
    ours.push(client);
    return client;
  };
  const onRoundTrip = (ms: number) => monitor.observe('redis', ms);
  const breakerFor = (onClosed: () => void) => {
    if (breaking === false) return undefined;
    const { faults = 5, openMs = 1_000 } = breaking ?? {};
    return new CircuitBreaker({
      faults,
      openMs,
      now: time.now,
      onState(state) {
        monitor.emit('breaker', { state });
        if (state === 'closed') onClosed();
      },
    });
  };
  const client = typeof redis === 'string' ? connectOwn(new Redis(redis, cacheClientOptions)) : redis;
  const breaker = breakerFor(() => {
    shelf.owed.sendAgain();
    onBack();
  });
  const primary = new RedisLink({ client, timeoutMs, breaker, onRoundTrip });
  const reader =
    replicas?.reader &&
    new RedisLink({ client: replicas.reader, timeoutMs, breaker: breakerFor(() => {}), onRoundTrip });
  const confirming = replicas && {
    link: new RedisLink({
      client: connectOwn(client.isCluster ? (client as Cluster).duplicate() : (client as Redis).duplicate()),
      timeoutMs,
      onRoundTrip,
    }),
    count: replicas.count,
  };
  const shelf: Shelf = new Shelf({ prefix, timeoutMs, primary, reader, confirming });
  return {
    client,
    primary,
    shelf,
    breaker,
    disconnect: async () => {
      await Promise.all(ours.map((each) => disconnect(each, timeoutMs)));
    },
  };
}

function makeNear(
  { near, prefix, replicas, time = systemTime }: CacheOptions,
  client: RedisClient,
  monitor: Monitor,
): NearCache | undefined {
  if (near === undefined) return undefined;
  const { maxEntries, ttlMs = 60_000, heartbeatMs = 1_000 } = near;
  return new NearCache({
    client,
    reader: replicas?.reader,
    prefix,
    maxEntries,
    ttlMs,
    heartbeatMs,
    now: time.now,
    onState: (state, flushed) => monitor.emit('near', { state, flushed }),
    onError: (error) => monitor.error(error),
  });
}

/** Says goodbye to a server that answers, so that writes already sent are done, and leaves one that does not. */
async function disconnect(client: RedisClient, timeoutMs: number): Promise<void> {
  try {
    await withDeadline(client.quit(), timeoutMs, () => 'OK' as const);
  } catch {
    // Not connected: there is nobody to say goodbye to.
  }
  client.disconnect();
}
