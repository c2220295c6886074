// Runs in the learner's process and does nothing but call the learner's code: every judgement is made outside.
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { RemoteError, Request, Response, StoreOptions } from './protocol.ts';

type Store = Record<string, unknown>;

const entry = process.argv[2] ?? '';
let createArticleStore: ((options: StoreOptions) => Store | Promise<Store>) | undefined;
let store: Store | undefined;

// If the checks end without a word (SIGKILL), nobody is left to stop an endless loop here; another thread can.
const guard = new Worker(
  `const { ppid } = process;
  setInterval(() => { if (process.ppid !== ppid) process.kill(-process.pid, 'SIGKILL'); }, 500);`,
  { eval: true, execArgv: [] },
);
guard.unref();
// A thread needs this one to come up, so no code of the learner's may run before it has.
const guarded = once(guard, 'online');

process.on('message', (request: Request) => {
  void answer(request).then((response) => {
    // A check that gave up has closed the channel; there is nobody left to tell.
    if (process.connected) send(response);
  });
});

async function answer(request: Request): Promise<Response> {
  const { id } = request;
  let phase: 'import' | 'shape' | 'run' = 'run';
  try {
    switch (request.op) {
      case 'open': {
        await guarded;
        phase = 'import';
        if (!createArticleStore) {
          const module = (await import(pathToFileURL(entry).href)) as Store;
          phase = 'shape';
          if (typeof module['createArticleStore'] !== 'function') {
            throw new TypeError('it does not export a function named createArticleStore');
          }
          createArticleStore = module['createArticleStore'] as NonNullable<typeof createArticleStore>;
        }
        phase = 'run';
        store = await createArticleStore(request.options);
        return { id, ok: true, value: undefined };
      }
      case 'call': {
        const method = store?.[request.method];
        phase = 'shape';
        if (typeof method !== 'function') {
          throw new TypeError(
            `the store that createArticleStore returns has no function named ${request.method}`,
          );
        }
        phase = 'run';
        return { id, ok: true, value: await method.apply(store, request.args) };
      }
      case 'ping':
        return { id, ok: true, value: undefined };
      case 'finish':
        // With the channel gone, only what the learner's code left open keeps this process alive.
        setImmediate(() => process.disconnect());
        return { id, ok: true, value: undefined };
    }
  } catch (error) {
    return { id, ok: false, phase, error: remoteError(error) };
  }
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
