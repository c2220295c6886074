import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { onTestFinished, vi } from 'vitest';
import type { Certificate } from './certificate.ts';

/** A MySQL server with TLS, for the test alone, with nothing in it. */
export interface PrivateMysql {
  readonly port: number;
  /** A user whom it lets in only over TLS. */
  readonly user: string;
  readonly password: string;
}

const USER = 'secure';
const PASSWORD = `pa%w/d#:@?"& é<>`;

const find = (name: string) =>
  [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin']
    .map((folder) => path.join(folder, name))
    .find(isProgram);

/** The engines may also run in a container or somewhere else; a server of our own needs its program here. */
export const mysqlServer = find('mariadbd') ?? find('mysqld');

/** Kills the server and removes its folder when its input ends, which it does with this process, however that dies. */
const KEEPER = `
folder=$1; shift
"$@" </dev/null >"$folder/server.log" 2>&1 & pid=$!
read -r _; kill -9 "$pid"; wait "$pid"; rm -rf "$folder"
`;

export async function privateMysql({ keyFile, certFile }: Certificate): Promise<PrivateMysql> {
  if (mysqlServer === undefined) throw new Error('There is no mariadbd or mysqld on this machine.');
  const folder = await mkdtemp(path.join(tmpdir(), 'web-mysql-'));
  const [dataDir, tmpDir] = [path.join(folder, 'data'), path.join(folder, 'tmp')];
  await mkdir(tmpDir);
  await makeData(mysqlServer, dataDir, tmpDir);
  const initFile = path.join(folder, 'init.sql');
  await writeFile(
    initFile,
    `CREATE DATABASE workshop;\nCREATE USER '${USER}'@'%' IDENTIFIED BY '${PASSWORD}' REQUIRE SSL;\nGRANT ALL ON workshop.* TO '${USER}'@'%';\n`,
    { mode: 0o600 },
  );
  const port = await freePort();
  const args = [
    '--no-defaults',
    `--datadir=${dataDir}`,
    `--tmpdir=${tmpDir}`,
    '--socket=mysql.sock',
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
    '--character-set-server=utf8mb4',
    `--init-file=${initFile}`,
    `--ssl-cert=${certFile}`,
    `--ssl-key=${keyFile}`,
    '--innodb-buffer-pool-size=16M',
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
  ];
  const keeper = spawn('/bin/sh', ['-c', KEEPER, 'keeper', folder, mysqlServer, ...args], {
    cwd: folder,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  onTestFinished(async () => {
    const ended = once(keeper, 'exit');
    keeper.stdin.end();
    await ended;
  });
  await vi.waitFor(() => answers(port, path.join(folder, 'server.log')), { timeout: 25_000, interval: 50 });
  return { port, user: USER, password: PASSWORD };
}

async function answers(port: number, logFile: string): Promise<void> {
  try {
    const ssl = { rejectUnauthorized: false };
    const options = { host: '127.0.0.1', port, user: USER, password: PASSWORD, ssl };
    const connection = await createConnection(options);
    await connection.end();
  } catch (error) {
    const log = await readFile(logFile, 'utf8').catch(() => '');
    throw new Error(`The private MySQL does not answer: ${String(error)}. Its log:\n${log}`, {
      cause: error,
    });
  }
}

async function makeData(server: string, dataDir: string, tmpDir: string): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  const run = promisify(execFile);
  const env = { ...process.env, TMPDIR: tmpDir };
  if (path.basename(server) === 'mysqld') {
    const args = ['--no-defaults', '--initialize-insecure', `--datadir=${dataDir}`];
    await run(server, isRoot ? [...args, '--user=root'] : args, { env });
    return;
  }
  const install = find('mariadb-install-db') ?? 'mariadb-install-db';
  const args = ['--no-defaults', `--datadir=${dataDir}`, '--cross-bootstrap', '--rpm', '--skip-test-db'];
  await run(install, [...args, '--auth-root-authentication-method=normal', ...(isRoot ? ['-uroot'] : [])], {
    env,
  });
}

/** Another program may take it before the server does; the log then says so. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
