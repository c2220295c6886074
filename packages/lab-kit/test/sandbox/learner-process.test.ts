import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { CallFailed, CallHung, LoadFailed, ProcessEnded } from '../../src/sandbox/errors.ts';
import { LearnerProcess, type Limits } from '../../src/sandbox/learner-process.ts';
import { prepareProgram } from '../../src/sandbox/learner-program.ts';
import { learnerRuntime } from '../../src/sandbox/learner-runtime.ts';
import { scratchFolder, storeSource } from '../support.ts';

const folder = await scratchFolder();
afterAll(async () => await folder.remove());

const started: LearnerProcess[] = [];
const urls = new Map<LearnerProcess, string>();
afterEach(async () => {
  await Promise.all(started.splice(0).map(async (learner) => await learner.kill()));
});

/** Short where a limit is what is being tested: it is reached whatever the machine does. */
const short: Limits = { openMs: 15_000, callMs: 1_000, exitMs: 1_000, heapMb: 64 };
const patient: Limits = { openMs: 20_000, callMs: 20_000, exitMs: 20_000, heapMb: 64 };
const options = { mysqlUrl: 'mysql://127.0.0.1:1/x', redisUrl: 'redis://127.0.0.1:1' };
const runtime = await learnerRuntime();

async function start(source: string, limits = patient): Promise<LearnerProcess> {
  const entry = await folder.write(
    `${started.length}-${Math.random().toString(36).slice(2)}/article-store.ts`,
    source,
  );
  const { url, needsTsx } = await prepareProgram(entry);
  const learner = new LearnerProcess({ runtime, needsTsx }, limits);
  started.push(learner);
  urls.set(learner, url);
  return learner;
}

async function open(learner: LearnerProcess): Promise<void> {
  await learner.open({ url: urls.get(learner) ?? '', options, aheadMs: 0 });
}

async function failureOf(source: string, limits = patient): Promise<Error> {
  const learner = await start(source, limits);
  return await open(learner)
    .then(async () => await learner.call('run', []))
    .then(
      () => new Error('it passed'),
      (error: Error) => error,
    );
}

describe('a value comes back as it was returned', () => {
  test('with its dates, bigints, buffers, maps, undefined and NaN', async () => {
    const learner = await start(
      storeSource({
        run: `return [new Date(5), 2n ** 64n, Buffer.from('é'), new Map([[1, undefined]]), NaN, null, args]`,
      }),
    );
    await open(learner);
    expect(await learner.call('run', ['a', 7n])).toEqual([
      new Date(5),
      2n ** 64n,
      Buffer.from('é'),
      new Map([[1, undefined]]),
      NaN,
      null,
      ['a', 7n],
    ]);
  });

  test('and a store may be made asynchronously, as a class', async () => {
    const learner = await start(
      `class Store { #n = 1; async run() { return this.#n; } }
       export async function createArticleStore() { return new Store(); }`,
    );
    await open(learner);
    expect(await learner.call('run', [])).toBe(1);
  });
});

describe('a file that can not be loaded says what and where', () => {
  test.each([
    ['a syntax error', 'export function createArticleStore( {', /article-store\.ts:1:\d+: syntax error: /],
    [
      'an error at its top',
      `\n\nthrow new Error('boom')`,
      /^Error: boom \(at .*article-store\.ts:\d+:\d+\)$/,
    ],
    [
      'an import that is not there',
      `import 'no-such-package'; ${storeSource({})}`,
      /Cannot find package 'no-such-package'/,
    ],
    ['no createArticleStore', 'export const x = 1', /does not export a function named createArticleStore/],
    ['a store without the function', storeSource({}), /run\(\): the store .* has no function named run/],
    [
      'a value that can not leave the process',
      storeSource({ run: 'return () => 1' }),
      /run\(\): .*could not be cloned/,
    ],
  ])('%s', async (_name, source, message) => {
    const error = await failureOf(source);
    expect(error).toBeInstanceOf(LoadFailed);
    expect(error.message).toMatch(message);
  });
});

describe('code that misbehaves ends with a type of error of its own', () => {
  test('a rejection, with its name and code', async () => {
    const error = await failureOf(
      storeSource({ run: `throw Object.assign(new RangeError('bad'), { code: 'E_BAD' })` }),
    );
    expect(error).toBeInstanceOf(CallFailed);
    expect((error as CallFailed).remote).toMatchObject({ name: 'RangeError', message: 'bad', code: 'E_BAD' });
  });

  test('an endless loop, in a call and at the top', async () => {
    const inCall = await failureOf(storeSource({ run: 'for (;;);' }), short);
    expect(inCall).toBeInstanceOf(CallHung);
    expect(inCall).toMatchObject({
      blocked: true,
      message: expect.stringContaining('a loop that does not end'),
    });
    const atTop = await failureOf('for (;;);', { ...short, openMs: 1_000 });
    expect(atTop).toMatchObject({ blocked: true, message: expect.stringContaining('createArticleStore()') });
  });

  test('a promise that never settles', async () => {
    const error = await failureOf(storeSource({ run: 'await new Promise(() => {})' }), short);
    expect(error).toMatchObject({
      blocked: false,
      message: expect.stringContaining('run() did not settle within 1 s'),
    });
  });

  test.each([
    ['a text', `throw 'no error at all'`, 'no error at all'],
    [
      'an error whose message is none',
      `throw Object.assign(new Error(), { message: 42, name: Symbol('odd') })`,
      '42',
    ],
    ['undefined', 'throw undefined', 'undefined'],
  ])('%s that is thrown', async (_name, run, message) => {
    const error = await failureOf(storeSource({ run }));
    expect(error).toBeInstanceOf(CallFailed);
    expect(error.message).toContain(message);
  });

  test.each([
    ['process.exit(0)', storeSource({ run: 'process.exit(0)' }), 'exit code 0: did it call process.exit()?'],
    ['process.exit(0) at the top', 'process.exit(0)', 'during createArticleStore()'],
    [
      'a full heap',
      storeSource({ run: 'const a = []; for (;;) a.push(new Array(1e4).fill({}))' }),
      'its memory was full',
    ],
    ['a signal', storeSource({ run: `process.kill(process.pid, 'SIGKILL'); for (;;);` }), 'signal SIGKILL'],
  ])('%s', async (_name, source, how) => {
    const error = await failureOf(source);
    expect(error).toBeInstanceOf(ProcessEnded);
    expect(error.message).toContain(how);
  });

  test('a rejection that nobody handles, with what it printed', async () => {
    const source = storeSource({
      run: `Promise.reject(new Error('lost')); await new Promise(() => setInterval(() => {}, 1e6))`,
    });
    const error = await failureOf(source);
    expect(error).toBeInstanceOf(ProcessEnded);
    expect((error as ProcessEnded).output).toContain('Error: lost');
  });

  test('output without end is bounded', async () => {
    const learner = await start(
      storeSource({ run: `for (let i = 0; i < 1e5; i++) console.log('spam'.repeat(20)); return 'done'` }),
    );
    await open(learner);
    expect(await learner.call('run', [])).toBe('done');
    expect(learner.output.length).toBeLessThan(10_000);
  });
});

describe('a file is run as it is where that makes a difference', () => {
  test.each([
    ['it asks for its place', `const here = import.meta.url;`, 'return here', /article-store\.ts$/],
    [
      'it imports by a name that it makes',
      `const other = ['node', 'os'].join(':');`,
      'return (await import(other)).EOL',
      /^\s+$/,
    ],
  ])('%s', async (_name, top, run, value) => {
    const learner = await start(storeSource({ run }, top));
    await open(learner);
    expect(await learner.call('run', [])).toMatch(value);
  });
});

describe('the process', () => {
  test('ends by itself when nothing keeps it alive, and is ended when something does', async () => {
    const clean = await start(storeSource({}));
    await open(clean);
    expect(await clean.finish()).toBe(true);
    const busy = await start(storeSource({}, 'setInterval(() => {}, 1000)'), short);
    await open(busy);
    expect(await busy.finish()).toBe(false);
    expect(busy.ended).toBe(false);
  });

  test('takes what it started with it', async () => {
    const learner = await start(
      storeSource(
        { run: `const child = spawn('sleep', ['300'], { stdio: 'ignore' }); return child.pid` },
        `import { spawn } from 'node:child_process'`,
      ),
    );
    await open(learner);
    const pid = (await learner.call('run', [])) as number;
    expect(isRunning(pid)).toBe(true);
    await learner.kill();
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
  });

  test('ends although what it started in a session of its own holds its output, and takes that with it', async () => {
    const learner = await start(
      storeSource(
        {
          run: `const child = spawn('sleep', ['300'], { stdio: 'inherit', detached: true }); return child.pid`,
        },
        `import { spawn } from 'node:child_process'`,
      ),
    );
    await open(learner);
    const pid = (await learner.call('run', [])) as number;
    await learner.kill();
    // Only Linux shows whose it is.
    if (process.platform === 'linux')
      await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
    else process.kill(pid);
  });

  test('may send what it likes on the channel', async () => {
    const source = storeSource({
      run: `for (const odd of [null, 7, 'x', {}, { id: 2 }, { id: 2, ok: false }, { id: 2, ok: 'yes' }]) process.send(odd);
            return 'still here'`,
    });
    const learner = await start(source);
    await open(learner);
    expect(await learner.call('run', [])).toBe('still here');
  });

  test('does not know the engines: only what it is given', async () => {
    const learner = await start(
      storeSource({ run: 'return { env: Object.keys(process.env), options: args[0] }' }),
    );
    await open(learner);
    const { env } = (await learner.call('run', [options])) as { env: string[] };
    expect(env).not.toContain('MYSQL_URL');
    expect(env).not.toContain('REDIS_URL');
  });
});

test('when the checks are killed, endless loops do not outlive them', async () => {
  // It is in its loop once it has said so: before, the end of the channel would end it.
  const looping = join(folder.path, 'looping');
  const entry = await folder.write(
    'orphan/article-store.ts',
    storeSource(
      { run: `appendFileSync(${JSON.stringify(looping)}, process.pid + ' '); for (;;);` },
      `import { appendFileSync } from 'node:fs';`,
    ),
  );
  const { url } = await prepareProgram(entry);
  const program = await folder.write(
    'orphan/checks.ts',
    `import { LearnerProcess } from '../../../src/sandbox/learner-process.ts';
     for (let n = 0; n < 3; n++) {
       const learner = new LearnerProcess({ runtime: ${JSON.stringify(runtime)}, needsTsx: false });
       await learner.open({ url: ${JSON.stringify(url)}, options: {}, aheadMs: 0 });
       if (n === 0) await learner.kill();
       else void learner.call('run', []);
     }`,
  );
  const checks = spawn(process.execPath, ['--import', 'tsx', program], { stdio: 'inherit' });
  const pids = () => (existsSync(looping) ? readFileSync(looping, 'utf8').trim().split(' ').map(Number) : []);
  await expect.poll(() => pids().length, { timeout: 20_000 }).toBe(2);
  expect(pids().map(isRunning)).toEqual([true, true]);
  checks.kill('SIGKILL');
  await expect.poll(() => pids().map(isRunning), { timeout: 20_000 }).toEqual([false, false]);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
