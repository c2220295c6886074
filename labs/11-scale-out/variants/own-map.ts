// Another right way, without a Cluster client: a connection for each node, and a map of the slots of its own, which it reads
// again every second and mends when a node answers MOVED. Text values; the version of each tag is part of the key.
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { decode, encode } from '../../05-monitoring/solution/codec.ts';
import type { MonitoredStore, StoreOptions } from '../../contract.ts';
import { storeOver, type VariantCache } from '../../shared/store-over.ts';

type Address = `${string}:${number}`;
type Slots = [first: number, last: number, ...nodes: [host: string, port: number][]][];

/** CRC-16/XMODEM, as Redis Cluster has it. */
function slotOf(key: string): number {
  const tag = /\{([^}]+)\}/.exec(key)?.[1] ?? key;
  let crc = 0;
  for (const byte of Buffer.from(tag)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : crc << 1;
  }
  return crc % 16_384;
}

class Nodes {
  readonly #password: string;
  readonly #clients = new Map<string, Redis>();
  readonly #known: Set<Address>;
  readonly #timer: NodeJS.Timeout;
  readonly #first: Promise<void>;
  #slots = new Map<number, { primary: Address; replica: Address }>();

  constructor(redisUrl: string) {
    const { hostname, port, password } = new URL(redisUrl);
    this.#password = password;
    this.#known = new Set<Address>([`${hostname}:${Number(port)}`]);
    this.#first = this.#look();
    this.#timer = setInterval(() => void this.#look(), 1_000).unref();
  }

  async send(role: 'primary' | 'replica', name: string, ...args: [key: string, ...(string | number)[]]) {
    await this.#first;
    const slot = slotOf(name === 'EVAL' ? String(args[2]) : args[0]);
    const places = this.#slots.get(slot);
    if (!places) throw new Error(`nobody is known for slot ${slot}`);
    let client = this.#client(places[role], role);
    for (let attempt = 0; attempt < 4; attempt++) {
      try {
        return await client.call(name, ...args);
      } catch (error) {
        const [kind, , to] = (error as Error).message.split(' ');
        if (kind === 'MOVED') {
          this.#slots.set(slot, { primary: to as Address, replica: to as Address });
          client = this.#client(to as Address, 'primary');
        } else if (kind === 'ASK') {
          const replies = await this.#client(to as Address, 'primary')
            .pipeline()
            .call('ASKING')
            .call(name, ...args)
            .exec();
          const [failure, reply] = replies?.[1] ?? [new Error('no reply')];
          if (failure) throw failure;
          return reply;
        } else throw error;
      }
    }
    throw new Error(`${name} was sent from node to node`);
  }

  close(): void {
    clearInterval(this.#timer);
    for (const client of this.#clients.values()) client.disconnect();
  }

  /** Whoever answers first knows best. */
  async #look(): Promise<void> {
    const views = [...this.#known].map(
      async (address) => (await this.#client(address, 'primary').call('CLUSTER', 'SLOTS')) as Slots,
    );
    const view = await Promise.any(views).catch((): Slots => []);
    for (const [first, last, ...nodes] of view) {
      const addresses = nodes.map(([host, port]): Address => `${host}:${port}`);
      for (const address of addresses) this.#known.add(address);
      const [primary, replica = primary] = addresses;
      for (let slot = first; slot <= last; slot++)
        this.#slots.set(slot, { primary: primary!, replica: replica! });
    }
  }

  #client(address: Address, role: 'primary' | 'replica'): Redis {
    const name = `${address} ${role}`;
    const [host = '', port] = address.split(':');
    const client =
      this.#clients.get(name) ??
      new Redis({
        host,
        port: Number(port),
        password: this.#password,
        readOnly: role === 'replica',
        commandTimeout: 300,
        maxRetriesPerRequest: 0,
        retryStrategy: () => 500,
      }).on('error', () => {});
    this.#clients.set(name, client);
    return client;
  }
}

function routedCache(redisUrl: string): VariantCache {
  const nodes = new Nodes(redisUrl);
  const loads = new Map<string, Promise<unknown>>();
  /** Tags, and how many writes are not yet known to Redis. */
  const pending = new Map<string, number>();
  let isOpen = true;

  async function invalidateOne(tag: string): Promise<void> {
    await nodes.send('primary', 'UNLINK', `v{${tag}}`);
    const left = (pending.get(tag) ?? 1) - 1;
    if (left > 0) pending.set(tag, left);
    else pending.delete(tag);
  }

  async function invalidateInTime(tag: string): Promise<void> {
    await invalidateOne(tag).catch(() => {
      if (isOpen) setTimeout(() => void invalidateInTime(tag), 300).unref();
    });
  }

  async function versionOf(tag: string): Promise<string> {
    const key = `v{${tag}}`;
    const found = await nodes.send('primary', 'GET', key);
    if (typeof found === 'string') return found;
    await nodes.send('primary', 'SET', key, randomUUID(), 'EX', 86_400, 'NX');
    const made = await nodes.send('primary', 'GET', key);
    if (typeof made !== 'string') throw new Error('no version');
    return made;
  }

  async function loadOnce<T>(place: string, load: () => Promise<T>): Promise<T> {
    const there = await nodes.send('primary', 'GET', place).catch(() => null);
    if (typeof there === 'string') return decode(there) as T;
    const value = await load();
    await nodes
      .send('primary', 'SET', place, encode(value), 'EX', value === null ? 10 : 60)
      .catch(() => null);
    return value;
  }

  return {
    async getOrLoad<T>(key: string, tags: readonly string[], load: () => Promise<T>): Promise<T> {
      if (tags.some((tag) => pending.has(tag))) return await load();
      let place: string;
      try {
        place = `${key} ${(await Promise.all(tags.map(versionOf))).join(' ')}`;
      } catch {
        return await load();
      }
      const copy = await nodes.send('replica', 'GET', place).catch(() => null);
      if (typeof copy === 'string') return decode(copy) as T;
      const underWay = loads.get(place) ?? loadOnce(place, load).finally(() => loads.delete(place));
      loads.set(place, underWay);
      return (await underWay) as T;
    },

    async invalidate(tags) {
      for (const tag of tags) pending.set(tag, (pending.get(tag) ?? 0) + 1);
      await Promise.all(tags.map(invalidateInTime));
    },

    async close() {
      isOpen = false;
      nodes.close();
    },
  };
}

export function createArticleStore({ mysqlUrl, redisUrl }: StoreOptions): MonitoredStore {
  return storeOver(mysqlUrl, routedCache(redisUrl));
}
