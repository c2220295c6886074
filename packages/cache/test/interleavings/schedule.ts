import type { Running, Violation } from './operations.ts';
import { begin, describe, isChange, keysOf } from './operations.ts';
import type { StepKind } from './pace.ts';
import { Pace } from './pace.ts';
import type { Operation } from './plan.ts';
import { Random } from './random.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { Transcript } from './transcript.ts';
import type { WorldOptions } from './world.ts';
import { WAIT_MS, World } from './world.ts';

/** How a schedule ended. `violation` is undefined when all was as it should be. */
export interface Verdict {
  readonly seed: number;
  readonly violation: Violation | undefined;
  /** How many reads ended and were compared with what they had to see. */
  readonly readsChecked: number;
  readonly steps: number;
  /** Equal for schedules whose commands reached Redis in the same order. */
  readonly interleaving: number;
  readonly transcript: Transcript;
}

/** One thing that can happen next. */
interface Step {
  readonly kind: StepKind;
  readonly process: number;
  readonly take: () => Promise<void>;
}

/** A schedule longer than this never ends: the longest of many thousands took a tenth of it. */
const MAX_STEPS = 5_000;

/** Runs one schedule to its end, or to the first thing that is wrong. Removes its keys. */
export async function runSchedule(options: WorldOptions): Promise<Verdict> {
  return new Schedule(options).run();
}

/**
 * Decides what happens next: draws one after the other of the things that can happen.
 *
 * Our own rather than fast-check's scheduler, which draws evenly from all promises that wait: here a connection's two queues keep their
 * order, speeds differ and change, a crash does away with what waits, and each step is to come to rest before the next.
 */
class Schedule {
  readonly #options: WorldOptions;
  readonly #world: World;
  readonly #random: Random;
  readonly #pace: Pace;
  readonly #waiting: Operation[];
  #readsChecked = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.#world = new World(options);
    this.#random = new Random(options.choices);
    this.#pace = new Pace(this.#random);
    this.#waiting = [...options.plan.operations];
  }

  async run(): Promise<Verdict> {
    const { plan } = this.#options;
    const world = this.#world;
    await this.#untilDone();
    for (const process of world.processes)
      if (process.client.status !== 'ready') await world.connect(process);
    await this.#untilDone();
    // What the schedule has left in Redis must be fit to be read, too.
    for (const [index, { key }] of plan.rows.entries()) {
      const process = this.#random.below(plan.processes);
      this.#waiting.push({ id: 900 + index, process, kind: 'read', way: 'value', key, fails: false });
      await this.#untilDone();
    }
    if (world.violation === undefined) await world.checkRemains();
    await world.end();
    const { violation, transcript } = world;
    const { steps, interleaving } = transcript;
    return { seed: plan.seed, violation, readsChecked: this.#readsChecked, steps, interleaving, transcript };
  }

  async #untilDone(): Promise<void> {
    const world = this.#world;
    while (world.violation === undefined) {
      const steps = this.#possibleSteps();
      const isAtRest = steps.every(({ kind }) => kind === 'poll' || kind === 'renew' || kind === 'connect');
      if (isAtRest && world.running.size === 0) return;
      if (world.transcript.steps > MAX_STEPS || steps.length === 0) {
        const left = [...world.running].map(({ operation }) => describe(operation)).join(', ');
        world.fail(
          'no end',
          steps.length === 0 ? `nothing can happen any more, and these wait: ${left}` : left,
        );
        return;
      }
      world.transcript.nextStep();
      // Only waits are left, so whoever held a lease is dead or has lost it: its time is up at last.
      if (isAtRest && this.#random.chance(0.3) && (await world.expireLeases())) continue;
      const step = this.#random.weighted(steps, ({ kind, process }) => this.#pace.weight(kind, process));
      await step?.take();
      await world.look();
    }
  }

  #possibleSteps(): Step[] {
    const world = this.#world;
    const steps: Step[] = [];
    const next = this.#waiting.findIndex((each) => !this.#isBlocked(each));
    const operation = this.#waiting[next];
    if (operation !== undefined) {
      const take = () => {
        this.#waiting.splice(next, 1);
        return this.#begin(operation);
      };
      steps.push({ kind: 'begin', process: operation.process, take });
    }
    for (const process of world.processes) {
      const { client, lane } = process;
      const [command] = client.unsent;
      const [reply] = client.replies;
      const delay = process.nextDelay;
      if (command) steps.push({ kind: 'send', process: lane, take: () => world.send(process, command) });
      if (reply) steps.push({ kind: 'reply', process: lane, take: () => world.deliver(process, reply) });
      if (client.status !== 'ready') {
        steps.push({ kind: 'connect', process: lane, take: () => world.connect(process) });
      }
      for (const load of process.loads) {
        steps.push({ kind: 'load', process: lane, take: () => world.finish(process, load) });
      }
      if (delay) {
        const kind = delay.ms < WAIT_MS ? 'poll' : 'renew';
        steps.push({ kind, process: lane, take: () => world.fire(process, delay) });
      }
    }
    return steps;
  }

  /** A change of a row whose lock is held must wait for it. */
  #isBlocked(operation: Operation): boolean {
    const world = this.#world;
    return isChange(operation) && world.database.isLocked(keysOf(operation, this.#options.plan));
  }

  async #begin(operation: Operation): Promise<void> {
    const world = this.#world;
    const process = world.processes[operation.process];
    if (process === undefined) return;
    const { kind } = operation;
    if (kind === 'age') {
      world.age();
    } else if (kind === 'crash') {
      world.crash(world.processes.find(({ loads }) => loads.length > 0) ?? process);
    } else if (kind === 'disconnect') {
      await world.disconnect(process, this.#random);
    } else if (kind === 'expire') {
      await world.expire(operation.key, operation.what);
    } else if (kind === 'expireTag') {
      await world.expireTag(operation.tag);
    } else {
      world.transcript.add(process.lane, () => describe(operation));
      this.#call(process, operation);
      await world.rest();
    }
  }

  #call(process: SimulatedProcess, operation: Operation): void {
    const world = this.#world;
    const { plan } = this.#options;
    const database = world.database;
    const keys = keysOf(operation, plan);
    if (isChange(operation)) database.change(keys);
    if (operation.kind === 'set') database.lock(operation.key);
    const running: Running = {
      operation,
      process,
      called: database.versions(keys),
      mustSee: new Map(
        keys.map((key) => [key, Math.max(database.mustSee(key), process.mustSee.get(key) ?? 0)]),
      ),
    };
    world.running.add(running);
    const load = (wanted: readonly string[]) =>
      world.load(process, wanted, 'fails' in operation && operation.fails);
    const ended = (judge: () => Violation | undefined) => {
      // Of a process that is dead, or when the verdict is out, nothing counts any more.
      if (!world.running.delete(running) || world.violation !== undefined) return;
      if (operation.kind === 'set') database.unlock(operation.key);
      const violation = judge();
      world.suspect(isChange(operation) ? keys : []);
      if (violation !== undefined) world.fail(violation.kind, violation.text);
    };
    begin({
      running,
      plan,
      database,
      load,
      ended,
      onRead: () => this.#readsChecked++,
      transcript: world.transcript,
    });
  }
}
