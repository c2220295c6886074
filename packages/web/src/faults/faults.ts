import { EventEmitter } from 'node:events';
import { BadParameterError } from '../errors.ts';
import { faultNamed } from './all-faults.ts';
import type { BreakableRedis } from './breakable-redis.ts';
import type { FaultName } from './fault.ts';
import { FaultError } from './fault-error.ts';
import { HotKeys } from './hot-keys.ts';

export interface BeginOptions {
  /** Until it is mended by itself. @default 15 */
  readonly seconds?: number | undefined;
  /** For `expire`: a key in Redis. @default the one that is asked for most */
  readonly key?: string | undefined;
}

/** A fault from its first step to its last. Times are in milliseconds since 1970. */
export interface ActiveFault {
  readonly name: FaultName;
  readonly phase: 'beginning' | 'on' | 'mending';
  readonly since: number;
  /** When it is mended by itself; undefined while it begins. */
  readonly until: number | undefined;
  /** Why mending it has failed. */
  readonly trouble: string | undefined;
}

/** Something that has happened to Redis, at `at` milliseconds since 1970. */
export interface FaultChange {
  readonly at: number;
  readonly name: FaultName;
  readonly what: 'broken' | 'mended' | 'failed';
  /** "Redis is gone", "Redis is well again" */
  readonly text: string;
}

export const DEFAULT_SECONDS = 15;
export const MOST_SECONDS = 120;
/** More than a room's impatience; each may take a second. */
const MOST_WAITING = 8;
const RETRY_MS = 2_000;

type Active = { -readonly [K in keyof ActiveFault]: ActiveFault[K] } & {
  mend: () => Promise<void>;
  timer: NodeJS.Timeout | undefined;
};

/**
 * Breaks a Redis and mends it. One fault is on at a time: the next one begins once the one before is mended. Beginnings and mendings
 * take turns, so that whatever order they come in, the last word is the last one's.
 *
 * What a fault's own mending does not bring back, a restart does: that Redis holds nothing but a cache, and a configuration that is
 * read at its start. Emits `change`; a failure to mend is told so too, and tried again.
 */
export class Faults extends EventEmitter<{ change: [FaultChange] }> {
  /** What the demo reads, for `expire` to choose from. */
  readonly hotKeys = new HotKeys();
  readonly #redis: BreakableRedis;
  #active: Active | undefined;
  #last: FaultChange | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #isClosed = false;

  constructor(redis: BreakableRedis) {
    super();
    this.#redis = redis;
  }

  get active(): ActiveFault | undefined {
    if (this.#active === undefined) return undefined;
    const { name, phase, since, until, trouble } = this.#active;
    return { name, phase, since, until, trouble };
  }

  /** What happened last. */
  get last(): FaultChange | undefined {
    return this.#last;
  }

  /**
   * Resolves once Redis is broken in this way. Rejects with `FaultError` when too many wait for their turn, or when it failed
   * half-way, in which case Redis was started anew; with `BadParameterError` for a key that is not there.
   */
  async begin(name: FaultName, { seconds = DEFAULT_SECONDS, key }: BeginOptions = {}): Promise<void> {
    if (this.#waiting >= MOST_WAITING) {
      throw new FaultError(
        409,
        'One at a time',
        'Others are breaking Redis just now. Wait a moment, then try again.',
      );
    }
    await this.#inTurn(async () => {
      if (this.#isClosed) throw new FaultError(409, 'Too late', 'The demo is stopping.');
      await this.#mendActive();
      await this.#break(name, seconds, key);
    });
  }

  /** Resolves once nothing is broken any more. Rejects with `FaultError`. */
  async mend(): Promise<void> {
    await this.#inTurn(() => this.#mendActive());
  }

  /** Mends what is broken, for good: nothing can be broken afterwards. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.mend();
  }

  async #inTurn(work: () => Promise<void>): Promise<void> {
    this.#waiting += 1;
    const turn = this.#turn.then(work).finally(() => (this.#waiting -= 1));
    this.#turn = turn.catch(() => {});
    await turn;
  }

  async #break(name: FaultName, seconds: number, key: string | undefined): Promise<void> {
    const redis = this.#redis;
    const active: Active = {
      name,
      phase: 'beginning',
      since: Date.now(),
      until: undefined,
      trouble: undefined,
      mend: () => redis.restart(),
      timer: undefined,
    };
    this.#active = active;
    try {
      const mend = await faultNamed(name).break({ redis, key, hotKeys: this.hotKeys.top(20) });
      if (mend === undefined) this.#active = undefined;
      else Object.assign(active, { mend, phase: 'on' });
    } catch (error) {
      if (error instanceof BadParameterError) {
        this.#active = undefined;
        throw error;
      }
      await this.#mendActive();
      throw new FaultError(500, 'That did not work', `${messageOf(error)} Redis was started anew.`, {
        cause: error,
      });
    }
    if (this.#active === active) this.#mendIn(active, seconds * 1_000);
    this.#tell(name, 'broken', faultNamed(name).title);
  }

  async #mendActive(): Promise<void> {
    const active = this.#active;
    if (active === undefined) return;
    clearTimeout(active.timer);
    active.phase = 'mending';
    try {
      await active.mend();
      await this.#redis.ask('PING');
    } catch {
      await this.#startAnew(active);
    }
    this.#active = undefined;
    this.#tell(active.name, 'mended', 'Redis is well again');
  }

  async #startAnew(active: Active): Promise<void> {
    try {
      await this.#redis.restart();
    } catch (error) {
      active.phase = 'on';
      active.trouble = messageOf(error);
      active.mend = () => this.#redis.restart();
      if (!this.#isClosed) this.#mendIn(active, RETRY_MS);
      this.#tell(active.name, 'failed', 'Redis does not come back');
      throw new FaultError(500, 'Redis does not come back', active.trouble, { cause: error });
    }
  }

  /** Another fault may have taken its place by then, or it may wait for its turn to do so. */
  #mendIn(active: Active, delayMs: number): void {
    active.until = Date.now() + delayMs;
    active.timer = setTimeout(() => {
      const mendIt = async () => {
        if (this.#active === active) await this.#mendActive();
      };
      // That it failed is told by `change`.
      this.#inTurn(mendIt).catch(() => {});
    }, delayMs);
  }

  #tell(name: FaultName, what: FaultChange['what'], text: string): void {
    this.#last = { at: Date.now(), name, what, text };
    this.emit('change', this.#last);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
