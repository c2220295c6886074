import { CacheRedisError } from './errors.ts';
import { leaseOf } from './names.ts';
import type { Batch, JoinOptions, Stored } from './redis/gather.ts';
import { ReadGather } from './redis/gather.ts';
import type { RedisLink } from './redis/link.ts';
import { unwrap } from './redis/link.ts';
import { OwedDeletions } from './redis/owed.ts';
import { runScript, writeScript } from './redis/scripts.ts';

export interface ShelfOptions {
  readonly prefix: string;
  readonly timeoutMs: number;
  readonly primary: RedisLink;
  /** Where reads go first; undefined: to the primary. */
  readonly reader: RedisLink | undefined;
  /**
   * Set when reads may come from replicas: the connection of the writes that must have reached them, since a WAIT holds up all that comes after
   * it on its connection, and how many replicas there are.
   */
  readonly confirming: { readonly link: RedisLink; readonly count: number } | undefined;
}

/** What is on a shelf of Redis: read, written and removed by name. All methods reject with `CacheRedisError` and with nothing else. */
export class Shelf {
  readonly owed: OwedDeletions;
  readonly #options: ShelfOptions;
  readonly #primary: ReadGather;
  readonly #reader: ReadGather | undefined;

  constructor(options: ShelfOptions) {
    this.#options = options;
    this.#primary = new ReadGather(options.primary);
    this.#reader = options.reader && new ReadGather(options.reader);
    this.owed = new OwedDeletions(options.primary.client, (name) => this.#remove(name));
  }

  /**
   * The batch in which a value is read, with its companions; undefined where one does not do: from replicas, since a read may then go to the primary
   * as well, and with companions on a cluster, whose commands keep to one slot. See `read` for these.
   */
  join(name: string, options: JoinOptions): Batch | undefined {
    if (this.#reader !== undefined) return undefined;
    if (options.companions !== undefined && this.#options.primary.client.isCluster) return undefined;
    return this.#primary.join(name, options);
  }

  read(name: string, options?: JoinOptions): Promise<Stored | null> {
    if (this.#reader === undefined) return this.#primary.read(name, options);
    return this.#reader.read(name, options).catch((error: unknown) => {
      // No replica to ask costs no time. One that is slow has already used the read's.
      if (error instanceof CacheRedisError && error.fault !== 'timeout')
        return this.#primary.read(name, options);
      throw error;
    });
  }

  /** Stores a value whoever is loading it, and voids their lease. */
  async write(name: string, bytes: Buffer, keepMs: number): Promise<void> {
    const keys = [name, this.#leaseOf(name)] as const;
    const asOf = this.owed.now;
    const { confirming, primary } = this.#options;
    if (confirming === undefined) {
      await primary.run('EVALSHA write', (client, trip) =>
        runScript(client, writeScript, keys, [bytes, keepMs], trip),
      );
    } else {
      await this.#withReplicas('EVAL write', confirming, (pipeline) =>
        pipeline.eval(writeScript.source, keys.length, ...keys, bytes, keepMs),
      );
    }
    this.owed.settle(name, asOf);
  }

  /**
   * Removes a value with its lease, or a tag's stamp. When that fails it is owed. `isUrgent`: it is sent though the breaker is open, because
   * not sending it would leave an old value in place; a reader who merely finds it owed is not to be held up by it.
   */
  async remove(name: string, isUrgent = true): Promise<void> {
    const asOf = this.owed.now;
    try {
      await this.#remove(name, isUrgent);
    } catch (error) {
      this.owed.add(name);
      throw error;
    }
    this.owed.settle(name, asOf);
  }

  close(): Promise<void> {
    return this.owed.close();
  }

  /** UNLINK frees the memory outside the server's main thread. */
  async #remove(name: string, isUrgent = true): Promise<void> {
    // A stamp has no lease: the braces in its name are its own hash tag.
    const keys = name.includes('{') ? [name] : [name, this.#leaseOf(name)];
    const { confirming, primary } = this.#options;
    if (confirming === undefined) {
      await primary.run('UNLINK', (client) => client.unlink(keys), { isUrgent });
    } else {
      await this.#withReplicas('UNLINK', confirming, (pipeline) => pipeline.unlink(keys));
    }
  }

  async #withReplicas(
    command: string,
    { link, count }: { readonly link: RedisLink; readonly count: number },
    write: (pipeline: Pipeline) => Pipeline,
  ): Promise<void> {
    const waitMs = Math.ceil(this.#options.timeoutMs / 2);
    const replies = await link.run(
      command,
      async (client) => unwrap(await write(client.pipeline()).wait(count, waitMs).exec()),
      { isUrgent: true },
    );
    const reached = Number(replies.at(-1));
    if (reached >= count) return;
    throw new CacheRedisError(
      'timeout',
      'WAIT',
      `${command} reached ${reached} of ${count} replicas within ${waitMs} ms. Reads from the others may still give the old value.`,
    );
  }

  #leaseOf(name: string): string {
    return leaseOf(name, this.#options.prefix);
  }
}

type Pipeline = ReturnType<RedisLink['client']['pipeline']>;
