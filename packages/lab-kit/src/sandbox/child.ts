// Runs in the learner's process and does nothing but call the learner's code: every judgement is made outside.
import { inspect, promisify } from 'node:util';
import { advance, elapsed, goOn, installClock, pace, unpace, untilNextTimer } from './clock.ts';
import type { Harness, Opening, RemoteError, Request, Response, StoreOptions } from './protocol.ts';

type Store = Record<string, unknown>;
type Phase = 'import' | 'shape' | 'run';

/** What the first file of the process can do for this one. */
interface Host {
  /** `import()`, which compiled code has not. */
  importModule(url: string): Promise<Store>;
  /** Keeps all functions compiled so far for the processes to come. */
  saveCodeCache(): void;
}

let host: Host;
let store: Store | undefined;

/** A turn of the event loop, in which all that has arrived is handled. */
const turn = promisify(setImmediate);

// Before anything is loaded that could keep Node's own timers.
installClock();

/** By the end of so many calls, most of what the learner's code needs of its libraries has run. */
const callsToLearnFrom = 20;
let calls = 0;

export function serve(by: Host): void {
  host = by;
  process.on('message', (request: Request) => {
    void answer(request).then((response) => {
      // A check that gave up has closed the channel; there is nobody left to tell.
      if (process.connected) send(response);
      if (request.op === 'call' && ++calls === callsToLearnFrom) host.saveCodeCache();
    });
  });
}

async function answer(request: Request): Promise<Response> {
  const { id } = request;
  let phase: Phase = 'run';
  const enter = (next: Phase) => {
    phase = next;
  };
  try {
    return { id, ok: true, value: await carryOut(request, enter) };
  } catch (error) {
    return { id, ok: false, phase, error: remoteError(error) };
  }
}

async function carryOut(request: Request, enter: (phase: Phase) => void): Promise<unknown> {
  switch (request.op) {
    case 'open':
      await advance(request.aheadMs);
      if (request.paced) pace();
      enter('import');
      store = await (request.harness ? openHarness(request, request.harness) : openStore(request, enter));
      return undefined;
    case 'call': {
      const method = store?.[request.method];
      enter('shape');
      if (typeof method !== 'function') {
        throw new TypeError(
          `the store that createArticleStore returns has no function named ${request.method}`,
        );
      }
      enter('run');
      return await method.apply(store, request.args);
    }
    case 'ping':
      await rest();
      return untilNextTimer();
    case 'tick':
      await turn();
      return request.goesOn && !isUnderWay() ? goOn() : elapsed();
    case 'advance':
      return await advance(request.ms);
    case 'finish':
      unpace();
      // With the channel gone, only what the learner's code left open keeps this process alive.
      setImmediate(() => process.disconnect());
      return undefined;
  }
}

/** How long a connection that is being made, or a file that is being read, is waited for, ms. */
const restLimitMs = 200;

/** Comes back when all that had arrived is handled, and nothing that was begun by it is on its way to the system. */
async function rest(): Promise<void> {
  const began = process.uptime();
  do {
    await turn();
    await turn();
  } while (isUnderWay() && (process.uptime() - began) * 1000 < restLimitMs);
}

function isUnderWay(): boolean {
  return process.getActiveResourcesInfo().some((kind) => /ConnectWrap$|^FSReq|^GetAddrInfo/.test(kind));
}

async function openStore({ url, options }: Opening, enter: (phase: Phase) => void): Promise<Store> {
  const { createArticleStore } = await host.importModule(url);
  enter('shape');
  if (typeof createArticleStore !== 'function') {
    throw new TypeError('it does not export a function named createArticleStore');
  }
  enter('run');
  return await (createArticleStore as (options: StoreOptions) => Store | Promise<Store>)(options);
}

async function openHarness({ url, options }: Opening, harness: string): Promise<Store> {
  const module = (await host.importModule(harness)) as unknown as Harness;
  return (await module.open(url, options)) as Store;
}

function send(response: Response): void {
  try {
    process.send?.(response);
  } catch (error) {
    // The value can't be cloned: a function, a socket, a client.
    process.send?.({
      id: response.id,
      ok: false,
      phase: 'shape',
      error: remoteError(error),
    } satisfies Response);
  }
}

/** Anything can be thrown, and an error's own fields can be anything: only texts leave the process. */
function remoteError(error: unknown): RemoteError {
  if (!(error instanceof Error)) return { name: 'a thrown value', message: inspect(error), stack: '' };
  const stack: unknown = read(() => error.stack);
  const code = read(() => (error as { code?: unknown }).code);
  return {
    name: String(read(() => error.name)),
    message: String(read(() => error.message)),
    stack: typeof stack === 'string' ? stack : '',
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
  };
}

/** A getter of the learner's may throw, and so may the making of a stack from a name that is no text. */
function read<T>(field: () => T): T | undefined {
  try {
    return field();
  } catch {
    return undefined;
  }
}
