import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { EngineError } from '../engine-error.ts';
import { diagnose, tailOf } from '../log-diagnosis.ts';
import { identify, isRunning, signal, type ProcessIdentity } from '../process-identity.ts';
import { ask, type Address } from './ask.ts';
import type { Keeper } from './keeper.ts';

const POLL_MS = 10;
const START_LIMIT_MS = 20_000;
const END_LIMIT_MS = 10_000;

/** Signals that end a Redis server; SIGSTOP and SIGCONT do not. */
const DEADLY = new Set<NodeJS.Signals>(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGABRT']);

/** What a server is made of; `startServer` puts it together. */
export interface ServerParts {
  readonly address: Address;
  readonly userUrl: string | undefined;
  readonly dataDir: string;
  readonly logFile: string;
  readonly keeper: Keeper;
}

/** A Redis or Valkey server that a test may do anything to. It has no persistence: a restart leaves it empty. */
export class ThrowawayServer {
  readonly host = '127.0.0.1';
  readonly #parts: ServerParts;
  #process: ProcessIdentity | undefined;

  constructor(parts: ServerParts) {
    this.#parts = parts;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** `redis://:password@127.0.0.1:port/0`, or `rediss:` with TLS: the user that may do everything. */
  get url(): string {
    return this.#parts.address.url;
  }

  /** The same for the user of the `acl` option; without that option, `url`. */
  get userUrl(): string {
    return this.#parts.userUrl ?? this.url;
  }

  /** With TLS, the certificate that a client has to trust, as PEM. */
  get ca(): string | undefined {
    return this.#parts.address.ca;
  }

  /** The folder in which it would save, and does not. */
  get dataDir(): string {
    return this.#parts.dataDir;
  }

  /** Of the process that runs now; undefined when none does. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** One command as the user that may do everything, on a connection of its own. Rejects with what Redis says. */
  ask(...words: [string, ...(string | number)[]]): Promise<unknown> {
    return ask(this.#parts.address, words);
  }

  /**
   * Sends a signal. For one that ends the server, resolves once it has ended; SIGSTOP and SIGCONT are sent. False when no server runs.
   * @throws {EngineError} code `stop-failed` when it does not end, as one that is stopped does not by SIGTERM.
   */
  async kill(name: NodeJS.Signals): Promise<boolean> {
    const target = this.#process;
    if (!target) return false;
    const wasSent = await signal(target, name);
    if (!DEADLY.has(name)) return wasSent;
    const giveUpAt = performance.now() + END_LIMIT_MS;
    while (await isRunning(target)) {
      if (performance.now() > giveUpAt) {
        throw new EngineError('stop-failed', `Redis (pid ${target.pid}) has not ended after ${name}.`);
      }
      await delay(POLL_MS);
    }
    // Another call may have seen its end first, and may have started the next one since.
    if (this.#process === target) {
      this.#process = undefined;
      await this.#parts.keeper.ended();
    }
    return wasSent;
  }

  /** Starts it on the same port, empty; kills it first if it runs. Resolves once it serves. @throws {EngineError} */
  async restart(): Promise<void> {
    await this.kill('SIGKILL');
    const { keeper, logFile } = this.#parts;
    const { size: logStart } = await stat(logFile).catch(() => ({ size: 0 }));
    const pid = await keeper.start();
    this.#process = await identify(pid);
    const giveUpAt = performance.now() + START_LIMIT_MS;
    for (;;) {
      if (await this.#serves()) return;
      const hasEnded = this.#process === undefined || !(await isRunning(this.#process));
      if (!hasEnded && performance.now() < giveUpAt) {
        await delay(POLL_MS);
        continue;
      }
      const log = await tailOf(logFile, 15, logStart);
      await this.kill('SIGKILL');
      const what = hasEnded ? 'ended at its start' : `does not answer after ${START_LIMIT_MS / 1_000} s`;
      throw new EngineError(
        diagnose(log)?.code ?? 'start-failed',
        `A throwaway Redis ${what}. Its log:\n${log}`,
      );
    }
  }

  /**
   * Writes until the memory used is well over `maxmemory`, so that what connections give back does not make room again. With
   * `noeviction`, later writes get OOM. In steps, so that other clients are not kept waiting.
   */
  async fill(): Promise<void> {
    for (let step = 0; ; step += 1) {
      const memory = String(await this.ask('INFO', 'memory'));
      const [used, limit] = ['used_memory', 'maxmemory'].map((name) =>
        Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(memory)?.[1]),
      );
      if (!used || !limit) throw new EngineError('settings', 'fill() needs the option maxmemory.');
      if (used > limit) return;
      // Redis looks at the limit before a script and not within, so that the last one gets beyond it.
      const isLast = used > limit * 0.9;
      await this.#write(`filler:${step}:`, isLast ? limit / 4 : limit / 16);
    }
  }

  /** Ends it and removes its folder. Stopping twice does nothing. */
  async stop(): Promise<void> {
    await this.#parts.keeper.end();
    this.#process = undefined;
  }

  async #write(prefix: string, bytes: number): Promise<void> {
    const chunk = 64 * 1024;
    const script = `for i = 1, ARGV[2] do redis.call('SET', ARGV[1] .. i, string.rep('x', ${chunk})) end`;
    await this.ask('EVAL', script, 0, prefix, Math.ceil(bytes / chunk));
  }

  /** Its password is random, so what answers to it on this port is this server. */
  async #serves(): Promise<boolean> {
    try {
      return (await this.ask('PING')) === 'PONG';
    } catch {
      return false;
    }
  }
}
