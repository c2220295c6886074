import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { startDemo, useArticles } from './support.ts';

const database = useArticles();
const packageFolder = fileURLToPath(new URL('..', import.meta.url));

interface Program {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown[]>;
  output(): string;
  errors(): string;
}

function run(env: Record<string, string>): Program {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    cwd: packageFolder,
    env: { PATH: process.env['PATH'], ...env },
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, ended: once(child, 'exit'), output: () => output, errors: () => errors };
}

describe('src/main.ts', () => {
  it('serves, and ends by itself after SIGTERM', async () => {
    const program = run({ MYSQL_URL: database.mysqlUrl, REDIS_URL: inject('redisUrl'), PORT: '0' });
    await vi.waitFor(() => expect(program.output()).toContain('"listening"'), { timeout: 25_000 });
    const url = /"url":"([^"]+)"/.exec(program.output())?.[1] ?? '';
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${url}/query_mysql`)).status).toBe(200);
    program.child.kill('SIGTERM');
    expect(await program.ended).toEqual([0, null]);
    expect(program.output()).toContain('"stopped"');
    expect(program.errors()).toBe('');
  });

  it('says in one line that its port is taken', async () => {
    const other = await startDemo(database);
    const port = String(other.server.port);
    const program = run({ MYSQL_URL: database.mysqlUrl, REDIS_URL: inject('redisUrl'), PORT: port });
    expect(await program.ended).toEqual([1, null]);
    expect(program.errors()).toMatch(new RegExp(`^Port ${port} is taken by another program\\..*\\n$`));
  });

  it('says which variables it lacks', async () => {
    const program = run({});
    expect(await program.ended).toEqual([1, null]);
    expect(program.errors()).toMatch(/^MYSQL_URL is not set\..*\nREDIS_URL is not set\..*\n$/);
  });
});
