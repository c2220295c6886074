import type { Command } from 'ioredis';
import { Redis } from 'ioredis';

/**
 * The real connection, which carries the commands of all simulated processes of this thread one by one, in the order in which
 * schedules release them. What goes out in one turn of the event loop is written at once: many schedules run side by side, and the
 * system call is most of a command's cost.
 */
export class Wire {
  readonly redis: Redis;
  #isCorked = false;

  constructor(url: string) {
    this.redis = new Redis(url, { maxRetriesPerRequest: 0 });
  }

  /** Hands a command to the server; its reply comes through the command's own `resolve` and `reject`. */
  send(command: Command): void {
    this.#gather();
    this.redis.sendCommand(command);
  }

  /** The server's own state, in one step of it; `null` for what is not there. */
  look(names: readonly string[]): Promise<(string | null)[]> {
    this.#gather();
    return this.redis.mget([...names]);
  }

  async remove(names: readonly string[]): Promise<void> {
    this.#gather();
    await this.redis.unlink([...names]);
  }

  /** The names that have no expiry. */
  async withoutExpiry(names: readonly string[]): Promise<string[]> {
    this.#gather();
    const times = await Promise.all(names.map((name) => this.redis.pttl(name)));
    return names.filter((_, index) => times[index] === -1);
  }

  /** Counts and removes what is left under a prefix: walks the whole server, so only for the end of a run. */
  async sweep(prefix: string): Promise<string[]> {
    const left: string[] = [];
    let cursor = '0';
    do {
      const [next, names] = await this.redis.scan(cursor, 'MATCH', `${prefix}:*`, 'COUNT', 1_000);
      left.push(...names);
      cursor = next;
    } while (cursor !== '0');
    if (left.length > 0) await this.redis.unlink(left);
    return left;
  }

  close(): void {
    this.redis.disconnect();
  }

  #gather(): void {
    if (this.#isCorked) return;
    const { stream } = this.redis;
    if (stream === undefined) return;
    this.#isCorked = true;
    stream.cork();
    setImmediate(() => {
      this.#isCorked = false;
      stream.uncork();
    });
  }
}
