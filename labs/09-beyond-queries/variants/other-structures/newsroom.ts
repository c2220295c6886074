import type { Redis } from 'ioredis';
import type { News } from '../../../contract-site.ts';

const most = 400;
const channel = 'site/news';

const publish = `
local id = tostring(redis.call('incr', KEYS[1]))
redis.call('rpush', KEYS[2], cjson.encode({id = id, text = ARGV[1]}))
redis.call('ltrim', KEYS[2], -ARGV[2], -1)
redis.call('publish', ARGV[3], id)
return id`;

/** A list of the latest, and a channel that says when there is more. One connection listens for all who wait. */
export class Newsroom {
  readonly #redis: Redis;
  readonly #listener: Redis;
  readonly #waiting = new Set<() => void>();
  #subscribed: Promise<unknown> | undefined;

  constructor(redis: Redis) {
    this.#redis = redis;
    this.#listener = redis.duplicate({ lazyConnect: true });
    this.#listener.on('error', () => undefined);
    this.#listener.on('message', () => this.#wake());
    // What was published while the connection was lost is in the list.
    this.#listener.on('ready', () => this.#wake());
  }

  async publish(text: string): Promise<string> {
    return (await this.#redis.eval(publish, 2, 'news/count', 'news/list', text, most, channel)) as string;
  }

  async since(id = '0'): Promise<News[]> {
    const texts = await this.#redis.lrange('news/list', 0, -1);
    return texts.map((text) => JSON.parse(text) as News).filter((piece) => Number(piece.id) > Number(id));
  }

  async next(id: string | undefined, waitMs: number): Promise<News[]> {
    this.#subscribed ??= this.#listener.subscribe(channel).catch((error: unknown) => {
      this.#subscribed = undefined;
      throw error;
    });
    await this.#subscribed;
    // Listening begins before the look, so nothing falls between the two.
    let wake = () => {};
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
      this.#waiting.add(resolve);
    });
    const timer = setTimeout(wake, waitMs);
    try {
      const found = await this.since(id);
      if (found.length > 0) return found;
      await woken;
      return await this.since(id);
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(wake);
    }
  }

  close(): void {
    this.#listener.disconnect();
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }
}
