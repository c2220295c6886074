import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compiledFolder } from '../compiled/compile.ts';
import { describeCall } from './describe-call.ts';
import { CallFailed, CallHung, LoadFailed, ProcessEnded } from './errors.ts';
import { Heartbeat, type Flow } from './heartbeat.ts';
import { guard, unguard } from './last-guard.ts';
import { OutputTail } from './output-tail.ts';
import { isResponse, type Opening, type Request, type Response } from './protocol.ts';
import { endStrays, lastProcess, strayMark } from './stray-processes.ts';

// Not import.meta.resolve, which a test runner may not have.
const tsxLoader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const mainFile = fileURLToPath(new URL('./learner-main.cjs', import.meta.url));

export interface Limits {
  /** From the start of the process to a store, ms. */
  openMs: number;
  /** One call of the learner's code, ms. */
  callMs: number;
  /** From the end of the last check to the end of the process, ms. */
  exitMs: number;
  /** The JavaScript heap, MiB. */
  heapMb: number;
}

/** Generous: a limit says that something never ends, it does not measure. */
export const defaultLimits: Limits = { openMs: 10_000, callMs: 5_000, exitMs: 5_000, heapMb: 256 };

/** How long the output of a process that has ended may take to arrive, ms. */
const drainMs = 200;

/** What goes on while the checks, not the learner's code, ask something of the process. */
const pause = 'a pause between two calls';

type Body = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never;
type Waiter = (outcome: Response | ProcessEnded) => void;

/**
 * The learner's code in a process of its own, so that an endless loop, an exit or a full heap ends that process
 * and not the checks. It leads a process group, so that what it starts ends with it.
 */
export class LearnerProcess {
  readonly #child: ChildProcess;
  readonly #mark = randomUUID();
  readonly #limits: Limits;
  readonly #output = new OutputTail();
  readonly #waiters = new Map<number, Waiter>();
  readonly #exited: Promise<void>;
  readonly #heartbeat = new Heartbeat(async (goesOn) => await this.#tick(goesOn));
  #ended: string | undefined;
  /** The last that was started before the learner's code ran. */
  #processBefore: number | undefined;
  #nextId = 1;
  /** Its end was asked for, so it is not a loss. */
  finished = false;

  /** @param start the compiled runtime, and whether what will be opened is still TypeScript */
  constructor(start: { runtime: string; needsTsx: boolean }, limits: Limits = defaultLimits) {
    this.#limits = limits;
    this.#child = fork(mainFile, [start.runtime], {
      detached: true,
      execArgv: [
        ...(start.needsTsx ? ['--import', tsxLoader] : []),
        '--enable-source-maps',
        `--max-old-space-size=${limits.heapMb}`,
      ],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...learnerEnvironment(), [strayMark]: this.#mark },
    });
    if (this.#child.pid !== undefined) guard(this.#child.pid);
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#output.push(chunk));
    this.#child.stderr?.on('data', (chunk: Buffer) => this.#output.push(chunk));
    this.#child.on('message', (message) => {
      // The learner's code has the same channel: what is not an answer of ours is none of our business.
      if (isResponse(message)) this.#waiters.get(message.id)?.(message);
    });
    this.#exited = this.#end();
  }

  /** What the learner's code printed, its last few KiB. */
  get output(): string {
    return this.#output.toString();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /**
   * Imports the learner's file (once) and makes a new store.
   * @param flow whether time goes on for the process. Default: its clock is the machine's
   * @throws {LoadFailed | CallFailed | CallHung | ProcessEnded}
   */
  async open(opening: Omit<Opening, 'paced'>, flow?: () => Flow): Promise<void> {
    this.#processBefore ??= lastProcess();
    const name = opening.harness ? 'the start' : 'createArticleStore()';
    if (flow) this.#heartbeat.pace(flow);
    const body = { op: 'open', ...opening, paced: flow !== undefined } as const;
    const response = await this.#request(body, name, this.#limits.openMs);
    if (response.ok) return;
    if (response.phase === 'run') throw new CallFailed(name, response.error);
    throw new LoadFailed(loadMessage(response.error));
  }

  /**
   * Calls a function of the store.
   * @throws {LoadFailed} the store has no such function, or it returned what can't leave the process
   * @throws {CallFailed} it rejected
   * @throws {CallHung | ProcessEnded}
   */
  async call(method: string, args: readonly unknown[]): Promise<unknown> {
    const name = describeCall(method, args);
    const response = await this.#request({ op: 'call', method, args }, name, this.#limits.callMs);
    if (response.ok) return response.value;
    if (response.phase === 'run') throw new CallFailed(name, response.error);
    throw new LoadFailed(`${name}: ${response.error.message}`);
  }

  /**
   * Comes back once the process has done what it had queued before.
   * @returns how long it is until its next timer, ms; Infinity when there is none
   * @throws {CallHung | ProcessEnded}
   */
  async ping(): Promise<number> {
    const response = await this.#request({ op: 'ping' }, pause, this.#limits.callMs);
    return response.ok ? Number(response.value) : Infinity;
  }

  /** Moves the clock of the process on, and fires the timers due by then. @throws {CallHung | ProcessEnded} */
  async advance(ms: number): Promise<void> {
    await this.#request({ op: 'advance', ms }, pause, this.#limits.callMs);
  }

  /** Lets the process end by itself. False when something keeps it alive past the limit: then it still runs. */
  async finish(): Promise<boolean> {
    if (this.ended) return true;
    this.finished = true;
    await this.#request({ op: 'finish' }, 'the end of the run', this.#limits.exitMs);
    return await settlesWithin(this.#exited, this.#limits.exitMs);
  }

  /** Ends the process and everything it started. Never fails; done when it is gone. */
  async kill(): Promise<void> {
    if (this.#child.pid !== undefined) {
      try {
        process.kill(-this.#child.pid, 'SIGKILL');
      } catch {
        // Already gone, group and all.
      }
    }
    await this.#exited;
    if (this.#child.pid === undefined) return;
    unguard(this.#child.pid);
    if (this.#processBefore !== undefined) endStrays(this.#mark, this.#processBefore);
  }

  async #end(): Promise<void> {
    // Asked for before the exit, which it may follow at once.
    const drained = once(this.#child, 'close').then(() => undefined);
    const [code, signal] = (await once(this.#child, 'exit')) as [number | null, NodeJS.Signals | null];
    // The last output, which the messages quote, may still be on its way; but something that the learner's code
    // started can hold the pipe open for good.
    await settlesWithin(drained, drainMs);
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
    this.#onEnd(code, signal);
  }

  async #request(body: Body, during: string, limitMs: number): Promise<Response> {
    const outcome = await this.#send(body, during, limitMs);
    if (outcome instanceof ProcessEnded) throw outcome;
    if (outcome) return outcome;
    const alive = await this.#send({ op: 'ping' }, during, 1_000);
    if (alive instanceof ProcessEnded) throw alive;
    throw new CallHung(during, limitMs, alive === undefined);
  }

  /** The answer, the end of the process, or undefined when neither came in time. */
  async #send(body: Body, during: string, limitMs: number): Promise<Response | ProcessEnded | undefined> {
    if (this.#ended !== undefined) return new ProcessEnded(during, this.#ended, this.output);
    const id = this.#nextId++;
    return await new Promise((resolve) => {
      const endLimit = this.#heartbeat.limit(limitMs, () => settle(undefined));
      const settle = (outcome: Response | ProcessEnded | undefined) => {
        endLimit();
        this.#waiters.delete(id);
        resolve(
          outcome instanceof ProcessEnded
            ? new ProcessEnded(during, this.#ended ?? '', this.output)
            : outcome,
        );
      };
      this.#waiters.set(id, settle);
      // An error here means that the channel just closed: the end of the process, which settles this, is on its way.
      this.#child.send({ ...body, id }, () => {});
    });
  }

  async #tick(goesOn: boolean): Promise<number | undefined> {
    const id = this.#nextId++;
    const answer = new Promise<Response | ProcessEnded>((resolve) => this.#waiters.set(id, resolve));
    this.#child.send({ op: 'tick', goesOn, id }, () => {});
    const response = await answer;
    this.#waiters.delete(id);
    return response instanceof ProcessEnded || !response.ok ? undefined : Number(response.value);
  }

  #onEnd(code: number | null, signal: NodeJS.Signals | null): void {
    this.#heartbeat.end();
    this.#ended = describeEnd(code, signal, this.output);
    const ended = new ProcessEnded('', this.#ended, this.output);
    for (const settle of this.#waiters.values()) settle(ended);
  }
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null, output: string): string {
  if (/heap out of memory|heap limit/i.test(output)) return 'its memory was full';
  if (signal) return `signal ${signal}`;
  return code === 0 ? 'exit code 0: did it call process.exit()?' : `exit code ${code}`;
}

/** One line that says what and where. esbuild's messages already name the place; others have it in the stack. */
function loadMessage({ name, message, stack }: { name: string; message: string; stack: string }): string {
  const transform = /Transform failed with \d+ errors?:\n(.*)/.exec(message);
  if (transform?.[1]) return transform[1].replace('ERROR: ', 'syntax error: ');
  const [firstLine = ''] = message.split('\n');
  if (firstLine.includes('createArticleStore')) return firstLine;
  const place = [...stack.matchAll(/(?:[\s(]|file:\/\/)(\/[^\s()]+:\d+:\d+)/g)].find(
    ([, file]) => !file?.includes('/node_modules/') && !file?.startsWith(compiledFolder()),
  );
  return `${name}: ${firstLine}${place ? ` (at ${place[1]})` : ''}`;
}

/** Only what a program needs to run; above all not the URLs of the real engines. */
function learnerEnvironment(): NodeJS.ProcessEnv {
  const keep = ['PATH', 'HOME', 'TMPDIR', 'LANG'];
  const kept = Object.fromEntries(
    keep.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  );
  // A DATETIME has no time zone; in UTC it is the same moment whatever the driver is told.
  return { ...kept, TZ: 'UTC' };
}

async function settlesWithin(promise: Promise<void>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  try {
    return await Promise.race([promise.then(() => true), limit]);
  } finally {
    clearTimeout(timer);
  }
}
