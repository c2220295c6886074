import { setImmediate } from 'node:timers/promises';
import type { CacheOptions } from '../../src/index.ts';
import { Database } from './database.ts';
import type { Fault } from './faults.ts';
import type { HeldCommand, HeldReply } from './gated-redis.ts';
import { LeaseWatch, namesOf } from './lease-watch.ts';
import type { Names } from './lease-watch.ts';
import { Onlooker } from './onlooker.ts';
import type { Rows, Running, Violation } from './operations.ts';
import { nameOfVersion } from './operations.ts';
import type { Plan } from './plan.ts';
import { TTL_MS } from './plan.ts';
import { Random } from './random.ts';
import { showCommand, showReply } from './show.ts';
import type { HeldDelay, HeldLoad, Surroundings } from './simulated-process.ts';
import { LoadFailure, SimulatedProcess } from './simulated-process.ts';
import { Transcript } from './transcript.ts';
import type { Wire } from './wire.ts';

/** Any time will do; it is a constant so that a schedule is the same at any time. */
const START = 1_700_000_000_000;

/** Leases end by a step of the schedule, never because a schedule took its time. */
const LEASE_MS = 600_000;

/** By the schedule's clock, which moves only when a process waits: a few polls, and the waiter gives up. */
export const WAIT_MS = 500;

/** How many turns of the event loop a process must be still before it counts as come to rest. */
const STILL_TURNS = 4;

export interface WorldOptions {
  readonly wire: Wire;
  readonly prefix: string;
  readonly plan: Plan;
  /** From which the order of steps, and all else that is left to chance, is drawn. */
  readonly choices: number;
  readonly fault?: Fault | undefined;
}

/** All that a schedule acts on: the processes, Redis, the database and the clock. What happens in it is noted, and judged. */
export class World {
  readonly database: Database;
  readonly transcript = new Transcript();
  readonly processes: SimulatedProcess[];
  /** The operations under way. */
  readonly running = new Set<Running>();
  readonly #options: WorldOptions;
  readonly #names: Names;
  readonly #watch: LeaseWatch;
  readonly #clock = { now: START };
  readonly #surroundings: Surroundings;
  readonly #onlooker: Onlooker;
  readonly #dead: SimulatedProcess[] = [];
  /** The keys whose value or whose least version has changed since the last look. */
  readonly #suspects = new Set<string>();
  #activity = 0;
  #loads = 0;
  #mayLeaveLeases = false;
  #violation: Violation | undefined;

  constructor(options: WorldOptions) {
    const { plan, choices, prefix } = options;
    this.#options = options;
    this.database = new Database(plan.hasGaps);
    const keys = plan.rows.map((row) => row.key);
    this.#names = namesOf(prefix, keys, [...new Set(plan.rows.flatMap((row) => row.tags))]);
    this.#watch = new LeaseWatch(this.#names);
    const chance = new Random(choices ^ 0x5bd1e995);
    this.#surroundings = {
      clock: this.#clock,
      random: () => chance.next(),
      onActivity: () => this.#activity++,
    };
    this.#onlooker = new Onlooker(options.wire, this.#surroundings, prefix);
    this.processes = Array.from({ length: plan.processes }, (_, lane) => this.#start(lane));
  }

  /** The first thing that was wrong. */
  get violation(): Violation | undefined {
    return this.#violation;
  }

  /** Called by a loader: the database is read now, and the load ends when the schedule says so. */
  load(process: SimulatedProcess, keys: readonly string[], fails: boolean): Promise<Rows> {
    const id = ++this.#loads;
    const alone = keys.find(
      (key) => !this.#watch.takeGrant(process, key) && !process.takeLeave(this.#names.value(key)),
    );
    if (alone !== undefined && this.#options.fault === undefined && !process.isOver) {
      this.fail('lease', `load ${id} of ${alone} begins without a lease`);
    }
    const found = this.database.versions(keys);
    this.transcript.add(
      process.lane,
      () => `load ${id} begins: ${[...found].map(([key, version]) => `${key} is v${version}`).join(', ')}`,
    );
    return process.load(id, keys, fails, this.database.rows(found));
  }

  /** A command reaches the server, which carries it out. Its reply is on its way. */
  async send(process: SimulatedProcess, command: HeldCommand): Promise<void> {
    const { wire, fault } = this.#options;
    process.client.unsent.shift();
    const touched = this.#watch.touched(command);
    const shown = showCommand(command, this.#names);
    this.transcript.reached(`${process.lane} ${shown}`);
    this.transcript.add(process.lane, () => `-> ${shown}`);
    fault?.tamper?.(command, this.#names);
    wire.send(command.command);
    const after =
      touched.length === 0
        ? []
        : wire.look(touched.flatMap((key) => [this.#names.value(key), this.#names.lease(key)]));
    const reply = await command.done;
    process.client.replies.push(reply);
    const found = await after;
    for (const [index, key] of touched.entries()) {
      const held = { value: found[2 * index] ?? null, lease: found[2 * index + 1] ?? null };
      const isSetting = [...this.running].some(
        (each) => each.process === process && each.operation.kind === 'set' && each.operation.key === key,
      );
      if (held.value !== null && held.value !== this.#watch.held(key).value) this.#suspects.add(key);
      const wrong = this.#watch.judge(command, process, key, held, isSetting);
      if (wrong !== undefined && fault === undefined) this.fail('lease', wrong);
    }
  }

  async deliver(process: SimulatedProcess, reply: HeldReply): Promise<void> {
    process.client.replies.shift();
    this.transcript.add(process.lane, () => `<- ${showReply(reply)}`);
    reply.deliver();
    await this.rest();
  }

  async finish(process: SimulatedProcess, load: HeldLoad): Promise<void> {
    process.loads.splice(process.loads.indexOf(load), 1);
    this.transcript.add(process.lane, () => `load ${load.id} ${load.fails ? 'fails' : 'ends'}`);
    if (load.fails) load.fail(new LoadFailure(`Load ${load.id} was made to fail.`));
    else load.finish();
    await this.rest();
  }

  async fire(process: SimulatedProcess, delay: HeldDelay): Promise<void> {
    this.#clock.now = Math.max(this.#clock.now, delay.dueAt);
    this.transcript.add(process.lane, () => `${delay.ms} ms are over`);
    delay.fire();
    await this.rest();
  }

  /** So much time passes that every value is past its TTL. */
  age(): void {
    this.#clock.now += TTL_MS + 1;
    this.transcript.add(undefined, () => `${TTL_MS + 1} ms pass`);
  }

  crash(process: SimulatedProcess): void {
    const { lane } = process;
    this.transcript.add(lane, () => 'CRASHES, and starts anew');
    this.#mayLeaveLeases = true;
    this.#dead.push(process);
    this.processes[lane] = this.#start(lane);
    for (const running of this.running) {
      if (running.process !== process) continue;
      this.running.delete(running);
      if (running.operation.kind === 'set') this.database.unlock(running.operation.key);
    }
  }

  /** What was on its way to the server may still have reached it, as far as it had come. */
  async disconnect(process: SimulatedProcess, random: Random): Promise<void> {
    const { unsent } = process.client;
    for (let left = random.below(unsent.length + 1); left > 0; left--) {
      const [command] = unsent;
      if (command !== undefined) await this.send(process, command);
    }
    this.transcript.add(process.lane, () => 'LOSES its connection');
    this.#mayLeaveLeases = true;
    process.lose();
    await this.rest();
  }

  async connect(process: SimulatedProcess): Promise<void> {
    this.transcript.add(process.lane, () => 'is connected again');
    process.client.regain();
    await this.rest();
  }

  async expire(key: string, what: 'value' | 'lease'): Promise<void> {
    this.transcript.add(undefined, () => `the ${what} of ${key} expires`);
    await this.#options.wire.remove([what === 'value' ? this.#names.value(key) : this.#names.lease(key)]);
    this.#watch.note(key, { ...this.#watch.held(key), [what]: null });
  }

  async expireTag(tag: string): Promise<void> {
    this.transcript.add(undefined, () => `the stamp of ${tag} expires`);
    await this.#options.wire.remove([this.#names.tag(tag)]);
  }

  async expireLeases(): Promise<boolean> {
    const held = this.#names.keys.filter((key) => this.#watch.held(key).lease !== null);
    for (const key of held) await this.expire(key, 'lease');
    return held.length > 0;
  }

  /** An operation has ended that may have changed what its keys' readers must see. */
  suspect(keys: readonly string[]): void {
    this.#activity++;
    for (const key of keys) this.#suspects.add(key);
  }

  /** Whether what can be read now is what must be. */
  async look(): Promise<void> {
    if (this.#suspects.size === 0) return;
    const keys = [...this.#suspects];
    this.#suspects.clear();
    const found = await this.#onlooker.look(keys);
    for (const [key, version] of found) {
      const least = this.database.mustSee(key);
      if (this.database.isRight(key, version, least)) continue;
      this.fail(
        'stale read',
        `a read that begins now gets ${key} ${nameOfVersion(version)}, though v${least} has been confirmed`,
      );
    }
  }

  /** What is left in Redis when all is over: nothing without an expiry, and no lease if nobody died or was cut off. */
  async checkRemains(): Promise<void> {
    const names = await this.#options.wire.withoutExpiry(this.#names.all);
    if (names.length > 0) this.fail('left behind', `without an expiry: ${names.join(', ')}`);
    const leased = this.#names.keys.filter((key) => this.#watch.held(key).lease !== null);
    if (leased.length > 0 && !this.#mayLeaveLeases && this.#options.fault === undefined) {
      this.fail('left behind', `nobody loads any more, but there is a lease of ${leased.join(', ')}`);
    }
  }

  /** Ends all processes and removes their keys. */
  async end(): Promise<void> {
    await Promise.all([this.#onlooker, ...this.processes, ...this.#dead].map((process) => process.end()));
    await this.#options.wire.remove(this.#names.all);
  }

  /** Waits until the processes have dealt with what they were given: turns of the event loop in which none of them does a thing. */
  async rest(): Promise<void> {
    for (let still = 0; still < STILL_TURNS; still++) {
      const before = this.#activity;
      await setImmediate();
      if (this.#activity !== before) still = -1;
    }
  }

  fail(kind: Violation['kind'], text: string): void {
    this.#violation ??= { kind, text };
    this.transcript.add(undefined, () => `${kind}: ${text}`);
  }

  #start(lane: number): SimulatedProcess {
    const { plan, prefix, fault } = this.#options;
    const options: Partial<CacheOptions> & { prefix: string } = {
      prefix,
      loads: { maxConcurrent: plan.maxConcurrent },
      lease: { ms: LEASE_MS, waitMs: WAIT_MS },
      ...fault?.options,
    };
    return new SimulatedProcess(lane, this.#surroundings, options);
  }
}
