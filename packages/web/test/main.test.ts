import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { awsEnvironment, useFakeAws } from './config/fake-aws.ts';
import { startDemo, useArticles } from './support.ts';

const database = useArticles();
const packageFolder = fileURLToPath(new URL('..', import.meta.url));

interface Program {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown[]>;
  output(): string;
  errors(): string;
}

/** Runs it with nothing but these variables, and a state folder in which no engine is on record. */
async function run(env: Record<string, string>): Promise<Program> {
  const state = await mkdtemp(path.join(tmpdir(), 'web-main-'));
  onTestFinished(() => rm(state, { recursive: true }));
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    cwd: packageFolder,
    env: { PATH: process.env['PATH'], WORKSHOP_STATE: state, ...env },
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { child, ended, output: () => output, errors: () => errors };
}

async function addressOf(program: Program): Promise<string> {
  await vi.waitFor(() => expect(program.output()).toContain('"listening"'), { timeout: 25_000 });
  return /"url":"([^"]+)"/.exec(program.output())?.[1] ?? '';
}

describe('src/main.ts', () => {
  it('serves, and ends by itself after SIGTERM', async () => {
    const program = await run({ MYSQL_URL: database.mysqlUrl, REDIS_URL: inject('redisUrl'), PORT: '0' });
    const url = await addressOf(program);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${url}/query_mysql`)).status).toBe(200);
    program.child.kill('SIGTERM');
    expect(await program.ended).toEqual([0, null]);
    expect(program.output()).toContain('"stopped"');
    expect(program.errors()).toBe('');
  });

  it('says at the start which source gave what, and never a password', async () => {
    const program = await run({ MYSQL_URL: database.mysqlUrl, REDIS_URL: inject('redisUrl'), PORT: '0' });
    await addressOf(program);
    const line = program
      .output()
      .split('\n')
      .find((each) => each.includes('"configured"'));
    const { port, password } = new URL(database.mysqlUrl);
    expect(JSON.parse(line ?? '{}')).toMatchObject({
      settings: {
        environment: {
          PORT: '0',
          MYSQL_URL: expect.stringMatching(new RegExp(`^mysql://\\w+:\\*\\*\\*@[\\w.]+:${port}/`)),
        },
        default: { HOST: '127.0.0.1' },
      },
    });
    expect(program.output()).not.toContain(decodeURIComponent(password));
  });

  it('runs on a stack: its database, with the password of its secret', async () => {
    const aws = await useFakeAws();
    const { host, username, password, pathname } = new URL(database.mysqlUrl);
    aws.stacks.set('WorkshopStack', { outputs: { secretname: 'workshop/db', mysqlendpoint: host } });
    const dbname = pathname.slice(1);
    aws.secrets.set(
      'workshop/db',
      JSON.stringify({ username, password: decodeURIComponent(password), dbname }),
    );
    const program = await run({
      ...awsEnvironment(aws.url),
      WORKSHOP_STACK: 'WorkshopStack',
      // The tests' MySQL has no certificate.
      MYSQL_TLS: 'off',
      REDIS_URL: inject('redisUrl'),
      PORT: '0',
    });
    expect((await fetch(`${await addressOf(program)}/query_mysql`)).status).toBe(200);
    expect(program.output()).toContain(`"stack WorkshopStack":{"MYSQL_URL":"mysql://${username}:***@`);
    expect(program.output()).not.toContain(decodeURIComponent(password));
    // Not even what the SDK says about old versions of Node.
    expect(program.errors()).toBe('');
  });

  it('says in one line what a stack does not give', async () => {
    const aws = await useFakeAws();
    const program = await run({ ...awsEnvironment(aws.url), WORKSHOP_STACK: 'WorkshopStack' });
    expect(await program.ended).toEqual([1, null]);
    expect(program.errors()).toMatch(
      /^There is no stack of this name in eu-west-1: the stack WorkshopStack\..*\n$/,
    );
  });

  it('says in one line that its port is taken', async () => {
    const other = await startDemo(database);
    const port = String(other.server.port);
    const program = await run({ MYSQL_URL: database.mysqlUrl, REDIS_URL: inject('redisUrl'), PORT: port });
    expect(await program.ended).toEqual([1, null]);
    expect(program.errors()).toMatch(new RegExp(`^Port ${port} is taken by another program\\..*\\n$`));
  });

  it('runs as several processes behind one port, and replaces one that ends', async () => {
    // A port that was free a moment ago: with 0, each process would have one of its own.
    const probe = await startDemo(database);
    const port = String(probe.server.port);
    await probe.server.close();
    const program = await run({
      MYSQL_URL: database.mysqlUrl,
      REDIS_URL: inject('redisUrl'),
      PORT: port,
      WEB_PROCESSES: '3',
    });
    const count = (text: string) => program.output().split(text).length - 1;
    const listening = async (processes: number) =>
      await vi.waitFor(() => expect(count('"listening"')).toBe(processes), { timeout: 25_000 });
    await listening(3);
    const url = await addressOf(program);
    const [, pid] = /"pid":(\d+),"msg":"process started"/.exec(program.output()) ?? [];
    process.kill(Number(pid), 'SIGKILL');
    await listening(4);
    expect(count('"process ended"')).toBe(1);
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => fetch(`${url}/query_cache?term=zebra`)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    program.child.kill('SIGTERM');
    expect(await program.ended).toEqual([0, null]);
    expect(count('"stopped"')).toBe(3);
  });

  it('ends with all its processes, and once says why, when they cannot serve', async () => {
    const other = await startDemo(database);
    const program = await run({
      MYSQL_URL: database.mysqlUrl,
      REDIS_URL: inject('redisUrl'),
      PORT: String(other.server.port),
      WEB_PROCESSES: '2',
    });
    expect(await program.ended).toEqual([1, null]);
    expect(program.errors()).toContain('is taken by another program');
  });

  it('says which variables it lacks', async () => {
    const program = await run({});
    expect(await program.ended).toEqual([1, null]);
    expect(program.errors()).toMatch(/^MYSQL_URL is not set.*\nREDIS_URL is not set.*\n$/);
  });
});
