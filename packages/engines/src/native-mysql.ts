import type { StatsFs } from 'node:fs';
import { mkdir, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { Daemon } from './daemon.ts';
import type { EngineContext } from './engine-context.ts';
import { EngineError } from './engine-error.ts';
import { findPrograms, USUAL_FOLDERS } from './find-program.ts';
import { diagnose } from './log-diagnosis.ts';
import { writePrivateFile } from './private-file.ts';
import { probeMysql } from './probe.ts';
import type { ServerProgram } from './server-program.ts';

export const DATABASE = 'workshop';
const USER = 'workshop';

/** Before any rows, MariaDB 10.11 has been seen to take 125 MB and MySQL 8.4 to take 200; either grows soon. */
const ROOM_BYTES = 300e6;
/** Making a data folder takes a second; a server that waits for something must not keep us for ever. */
const MAKE_LIMIT_MS = 5 * 60_000;

/** `mysql://workshop:password@127.0.0.1:port/workshop` */
export function mysqlUrl(port: number, password: string, user = USER): string {
  return `mysql://${user}:${password}@127.0.0.1:${port}/${DATABASE}`;
}

/** Fills an empty data folder with what the server keeps for itself: its users, its dictionary. Takes about a second. */
export async function makeMysqlData(
  dataDir: string,
  server: ServerProgram,
  { run, settings, progress }: Pick<EngineContext, 'run' | 'settings' | 'progress'>,
): Promise<void> {
  await expectRoom(dataDir);
  progress(`Making a private ${server.brand} data folder in ${dataDir}`);
  const [command, args] =
    server.brand === 'MariaDB'
      ? [await findInstallDb(server, settings.searchPath), installDbArgs(dataDir)]
      : [server.file, initializeArgs(dataDir)];
  // A MariaDB that starts clears its folder for temporary tables, and would clear those of another that shares it.
  const tmpDir = await emptyFolder(path.join(path.dirname(dataDir), 'tmp'));
  const env = { ...settings.childEnv, TMPDIR: tmpDir };
  const result = await run(command, args, { env, timeoutMs: MAKE_LIMIT_MS });
  if (result.code === 0) return;
  const output = `${result.stdout}\n${result.stderr}`.trim();
  const known = diagnose(output);
  const failed = `${path.basename(command)} could not make the data folder ${dataDir}`;
  if (known) throw new EngineError(known.code, `${failed}; ${known.advice}.`);
  throw new EngineError('start-failed', `${failed}. It said:\n${output.split('\n').slice(-15).join('\n')}`);
}

/**
 * A server on a full disk tends to wait rather than to fail, so we look first. @throws {EngineError} code `disk-full`
 */
export async function expectRoom(
  folder: string,
  look: (folder: string) => Promise<Pick<StatsFs, 'bavail' | 'bsize'>> = statfs,
): Promise<void> {
  const { bavail, bsize } = await look(folder);
  if (bavail * bsize >= ROOM_BYTES) return;
  const mb = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  throw new EngineError(
    'disk-full',
    `The disk of ${folder} is full: MySQL's data needs ${mb(ROOM_BYTES)} to start with, and ${mb(bavail * bsize)} are free. ` +
      'Make room, or set WORKSHOP_STATE to a folder on another disk.',
  );
}

function installDbArgs(dataDir: string): string[] {
  return [
    '--no-defaults',
    `--datadir=${dataDir}`,
    // No account for this machine's name, which need not resolve.
    '--cross-bootstrap',
    // Else, as root, it changes owners in the system's plugin folder, and stumbles over a space in the path.
    '--rpm',
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    // Spelt so, it is passed on to the server and does not count as the script's own --user.
    ...(isRoot() ? ['-uroot'] : []),
  ];
}

function initializeArgs(dataDir: string): string[] {
  return [
    '--no-defaults',
    '--initialize-insecure',
    `--datadir=${dataDir}`,
    ...(isRoot() ? ['--user=root'] : []),
  ];
}

async function findInstallDb(server: ServerProgram, searchPath: readonly string[]): Promise<string> {
  const beside = path.dirname(server.file);
  const folders = [
    beside,
    path.join(beside, '../bin'),
    path.join(beside, '../scripts'),
    ...searchPath,
    ...USUAL_FOLDERS,
  ];
  const [found] = await findPrograms(['mariadb-install-db', 'mysql_install_db'], folders);
  if (found) return found;
  throw new EngineError(
    'no-engine',
    `${server.file} is installed without mariadb-install-db, which makes its data folder. Install the rest of MariaDB's server package.`,
  );
}

/** The server as we run it: on a private folder, on 127.0.0.1, read from no configuration of the user's. */
export async function mysqlDaemon(
  { folder, dataDir, port, password }: { folder: string; dataDir: string; port: number; password: string },
  server: ServerProgram,
): Promise<Daemon> {
  const tmpDir = await emptyFolder(path.join(folder, 'tmp'));
  const initFile = path.join(folder, 'access.sql');
  await writePrivateFile(initFile, accessSql(password));
  return {
    title: `${server.brand} ${server.version}`,
    command: server.file,
    cwd: folder,
    logFile: path.join(folder, 'mysql.log'),
    probe: () => probeMysql(mysqlUrl(port, password), { timeoutMs: 5_000 }),
    args: [
      '--no-defaults',
      `--datadir=${dataDir}`,
      `--tmpdir=${tmpDir}`,
      `--pid-file=${path.join(folder, 'mysql.pid')}`,
      // Relative to the data folder. A whole path may pass the 107 bytes (103 on macOS) a socket's address holds.
      '--socket=mysql.sock',
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      '--skip-name-resolve',
      `--init-file=${initFile}`,
      '--local-infile=1',
      // Debian's and Ubuntu's MySQL has a folder here that belongs to the system's own server, and does not start without it.
      `--secure-file-priv=${tmpDir}`,
      '--character-set-server=utf8mb4',
      '--collation-server=utf8mb4_unicode_ci',
      '--default-time-zone=+00:00',
      // MySQL 8.4's own; MariaDB's is laxer, and what passes in the workshop should pass on RDS.
      '--sql-mode=ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
      '--max-allowed-packet=64M',
      '--innodb-buffer-pool-size=256M',
      // The log goes to the disk each second, not at each commit: a power cut may cost a second of demo data, and loading is faster.
      '--innodb-flush-log-at-trx-commit=2',
      ...(server.brand === 'MySQL' ? ['--mysqlx=OFF', '--disable-log-bin'] : []),
      // A server does not start as root unless told so. The folder is root's then, and nobody else may enter it.
      ...(isRoot() ? ['--user=root'] : []),
    ],
  };
}

/**
 * Run by the server at each start, before it takes a connection: so there is no moment at which root can be reached
 * without a password, and a password that was lost is replaced. One statement a line, as init_file wants it.
 */
function accessSql(password: string): string {
  return [
    `CREATE DATABASE IF NOT EXISTS ${DATABASE}`,
    `CREATE USER IF NOT EXISTS '${USER}'@'127.0.0.1' IDENTIFIED BY '${password}'`,
    `ALTER USER '${USER}'@'127.0.0.1' IDENTIFIED BY '${password}'`,
    `GRANT ALL PRIVILEGES ON *.* TO '${USER}'@'127.0.0.1' WITH GRANT OPTION`,
    `ALTER USER 'root'@'localhost' IDENTIFIED BY '${password}'`,
    "DROP USER IF EXISTS 'root'@'127.0.0.1', 'root'@'::1', ''@'localhost'",
  ]
    .map((statement) => `${statement};\n`)
    .join('');
}

async function emptyFolder(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  return folder;
}

const isRoot = () => process.getuid?.() === 0;
