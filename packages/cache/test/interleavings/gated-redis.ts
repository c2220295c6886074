import type { Command } from 'ioredis';
import { Redis } from 'ioredis';
import { cacheClientOptions } from '../../src/index.ts';

/** A command that a process has written to its connection and that has not reached the server yet. */
export interface HeldCommand {
  readonly command: Command;
  /** Its name, and its arguments as texts, as they were when the process sent it. */
  readonly name: string;
  readonly args: readonly string[];
  /** Resolves once the server has carried the command out and its reply is held here. */
  readonly done: Promise<HeldReply>;
  /** Fails it for the process. */
  readonly fail: (error: Error) => void;
}

/** A reply that the server has given and that has not reached the process yet. */
export interface HeldReply {
  readonly name: string;
  readonly value: unknown;
  readonly deliver: () => void;
  readonly fail: (error: Error) => void;
}

/**
 * An ioredis client whose network is the schedule's: each command waits in `unsent` until it is released, and its reply waits in
 * `replies` until it is delivered. Both are queues, as the two directions of a TCP connection are.
 *
 * It has no socket of its own. A schedule takes the command out of `unsent` and hands it to the `Wire`.
 */
export class GatedRedis extends Redis {
  readonly unsent: HeldCommand[] = [];
  readonly replies: HeldReply[] = [];
  readonly #onHeld: () => void;

  constructor(onHeld: () => void) {
    super({ ...cacheClientOptions, lazyConnect: true });
    this.#onHeld = onHeld;
    this.status = 'ready';
  }

  override sendCommand(command: Command): unknown {
    if (this.status !== 'ready') {
      command.reject(new Error(`Stream isn't writeable and enableOfflineQueue options is false`));
      return command.promise;
    }
    this.unsent.push(hold(command));
    this.#onHeld();
    return command.promise;
  }

  /** The connection is lost, and with it what is on its way in either direction. */
  lose(): void {
    this.status = 'reconnecting';
    this.emit('close');
    const lost = new Error('Connection is closed.');
    for (const { fail } of [...this.replies.splice(0), ...this.unsent.splice(0)]) fail(lost);
  }

  /** There is a connection again. */
  regain(): void {
    this.status = 'ready';
    this.emit('ready');
  }
}

function hold(command: Command): HeldCommand {
  const { name, args, resolve, reject } = command;
  return {
    command,
    name: name.toLowerCase(),
    args: args.map(String),
    fail: reject,
    done: new Promise((arrived) => {
      command.resolve = (value: unknown) =>
        arrived({ name, value, deliver: () => resolve(value), fail: reject });
      command.reject = (error) => arrived({ name, value: error, deliver: () => reject(error), fail: reject });
    }),
  };
}
