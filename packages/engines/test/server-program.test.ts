import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mysqlFacts, redisFacts } from '../src/probe.ts';
import { findServers, parseVersion } from '../src/server-program.ts';
import { readSettings } from '../src/settings.ts';
import { fakeRun } from './fake-run.ts';

// As the programs print them.
const MYSQL = 'mysqld  Ver 8.4.3 for Linux on x86_64 (MySQL Community Server - GPL)';
const HOMEBREW = '/opt/homebrew/opt/mysql@8.4/bin/mysqld  Ver 8.4.6 for macos15.4 on arm64 (Homebrew)';
const MARIADB = 'mariadbd  Ver 10.11.19-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64 (Debian 12)';
const REDIS = 'Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=b84d5ec4a1d1ac6e';
const VALKEY = 'Valkey server v=8.1.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=6f0d5ba2a4c5e4ab';

test('a version line tells brand and version', () => {
  expect(parseVersion(MYSQL)).toEqual({ brand: 'MySQL', version: '8.4.3' });
  expect(parseVersion(HOMEBREW)).toEqual({ brand: 'MySQL', version: '8.4.6' });
  expect(parseVersion(MARIADB)).toEqual({ brand: 'MariaDB', version: '10.11.19' });
  expect(parseVersion(REDIS)).toEqual({ brand: 'Redis', version: '7.0.15' });
  expect(parseVersion(VALKEY)).toEqual({ brand: 'Valkey', version: '8.1.1' });
  expect(parseVersion('bash: no such thing')).toBeUndefined();
});

test('so does a server that runs', () => {
  expect(mysqlFacts('10.11.19-MariaDB-0+deb12u1')).toEqual({
    version: '10.11.19-MariaDB',
    title: 'MariaDB 10.11.19',
  });
  expect(mysqlFacts('8.4.3')).toEqual({ version: '8.4.3', title: 'MySQL 8.4.3' });
  expect(redisFacts('# Server\r\nredis_version:7.0.15\r\n')).toEqual({
    version: '7.0.15',
    title: 'Redis 7.0.15',
  });
  expect(
    redisFacts('# Server\r\nredis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.1.1\r\n'),
  ).toEqual({
    version: '8.1.1-Valkey',
    title: 'Valkey 8.1.1',
  });
});

describe('which server is taken', () => {
  let top: string;
  beforeEach(async () => {
    top = await realpath(await mkdtemp(path.join(tmpdir(), 'servers-test-')));
  });
  afterEach(() => rm(top, { recursive: true }));

  async function install(file: string, mode = 0o755) {
    await mkdir(path.dirname(path.join(top, file)), { recursive: true });
    await writeFile(path.join(top, file), '');
    await chmod(path.join(top, file), mode);
  }

  async function find(
    store: 'mysql' | 'redis',
    answers: Record<string, string>,
    folders: string[],
    brand?: 'MySQL' | 'MariaDB',
  ) {
    const fake = fakeRun(
      Object.fromEntries(Object.entries(answers).map(([file, stdout]) => [path.join(top, file), { stdout }])),
    );
    const known = { run: fake.run, settings: readSettings({}) };
    const found = await findServers(
      store,
      known,
      brand && { brand },
      folders.map((folder) => path.join(top, folder)),
    );
    return { found: found.map(({ file }) => path.relative(top, file)), commands: fake.commands };
  }

  test('those in kegs are found; what cannot be run, or is another program, is passed over', async () => {
    await install('opt/mysql@8.4/bin/mysqld');
    await install('opt/valkey/bin/valkey-server');
    await install('bin/mysqld', 0o644);
    await install('bin/redis-server');
    const { found, commands } = await find('mysql', { 'opt/mysql@8.4/bin/mysqld': HOMEBREW }, [
      'bin',
      'opt/*/bin',
    ]);
    expect(found).toEqual(['opt/mysql@8.4/bin/mysqld']);
    expect(commands).toEqual([`${path.join(top, 'opt/mysql@8.4/bin/mysqld')} --no-defaults --version`]);
    const redis = await find(
      'redis',
      { 'bin/redis-server': 'a script', 'opt/valkey/bin/valkey-server': VALKEY },
      ['bin', 'opt/*/bin'],
    );
    expect(redis.found).toEqual(['opt/valkey/bin/valkey-server']);
  });

  test("MySQL's own before MariaDB's, except on MariaDB's data; one file by two names once", async () => {
    await install('a/mariadbd');
    await symlink(path.join(top, 'a/mariadbd'), path.join(top, 'a/mysqld'));
    await install('b/mysqld');
    const answers = { 'a/mysqld': MARIADB, 'b/mysqld': MYSQL };
    expect((await find('mysql', answers, ['a', 'b'])).found).toEqual(['b/mysqld', 'a/mysqld']);
    expect((await find('mysql', answers, ['a', 'b'], 'MariaDB')).found).toEqual(['a/mysqld', 'b/mysqld']);
  });
});
