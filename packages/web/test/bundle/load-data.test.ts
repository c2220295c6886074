import { readFile } from 'node:fs/promises';
import { createTestDatabase } from '@workshop/engines/test-space';
import type { RowDataPacket } from 'mysql2/promise';
import { createConnection } from 'mysql2/promise';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { ConnectionError, ensureDataset } from '@workshop/dataset';
import { makeCertificate } from '../config/certificate.ts';
import { mysqlServer, privateMysql } from '../config/private-mysql.ts';
import type { Program } from './support.ts';
import { runProgram, useBundle } from './support.ts';

const bundle = useBundle();

const load = (env: Record<string, string>, ...args: string[]): Program =>
  runProgram(bundle, ['load-data.js', ...args], env);

/** An empty database, which goes with the test. */
async function emptyDatabase(): Promise<{ MYSQL_URL: string; count: (table: string) => Promise<unknown> }> {
  const { url, drop } = await createTestDatabase(inject('mysqlUrl'));
  const connection = await createConnection(url);
  onTestFinished(async () => {
    await connection.end();
    await drop();
  });
  return {
    MYSQL_URL: url,
    count: async (table) => {
      const [rows] = await connection.query<RowDataPacket[]>(`SELECT COUNT(*) AS n FROM ${table}`);
      return rows[0]?.['n'];
    },
  };
}

// All cities are loaded each time.
const LIMIT = { timeout: 120_000 };

describe('load-data.js', LIMIT, () => {
  it('fills an empty database, then leaves it alone unless it is told otherwise', async () => {
    const { MYSQL_URL, count } = await emptyDatabase();
    const first = load({ MYSQL_URL }, '--rows', '2000', '--if-empty');
    expect([await first.ended, first.errors()]).toEqual([0, '']);
    expect(first.output()).toMatch(/^articles: 2,000 rows in .* rows\/s$/m);
    expect(first.output()).toMatch(/^Loaded: 2,000 articles and 1\d\d,\d{3} cities\.$/m);

    const again = load({ MYSQL_URL }, '--rows', '3000', '--if-empty');
    expect([await again.ended, again.errors()]).toEqual([0, '']);
    expect(again.output()).toMatch(
      /^Nothing to do: 2,000 articles and 1\d\d,\d{3} cities are there already\.\n$/,
    );

    const more = load({ MYSQL_URL }, '--rows', '3000');
    expect([await more.ended, more.errors()]).toEqual([0, '']);
    expect([await count('articles'), await count('article_reads')]).toEqual([3_000, 3_000]);
  });

  it('loads once when several machines ask at once', async () => {
    const { MYSQL_URL, count } = await emptyDatabase();
    const both = [1, 2].map(() => load({ MYSQL_URL }, '--rows', '20000', '--if-empty'));
    expect(await Promise.all(both.map(({ ended }) => ended))).toEqual([0, 0]);
    const loaded = both.filter((each) => /^articles: .* rows\/s$/m.test(each.output()));
    expect(loaded).toHaveLength(1);
    expect(await count('articles')).toBe(20_000);
  });

  it.each([
    { args: ['--rows', '3'], said: /^--rows has to be a whole number from 1000 to 5000000; it is "3"\./ },
    { args: ['--rows', ''], said: /^--rows has to be/ },
    { args: ['--row', '3'], said: /^Unknown option '--row'/ },
    { args: ['--force', '--if-empty'], said: /^--force has to be without --if-empty/ },
  ])('refuses $args, and says what there is', async ({ args, said }) => {
    const program = load({}, ...args);
    expect(await program.ended).toBe(2);
    expect(program.errors()).toMatch(said);
    expect(program.errors()).toContain('node load-data.js [--rows N]');
  });

  it('says in one line why it failed, without the password', async () => {
    const program = load({ MYSQL_URL: 'mysql://user:secret@127.0.0.1:1/workshop' });
    expect(await program.ended).toBe(1);
    expect(program.errors()).toMatch(/^Could not connect to MySQL at 127\.0\.0\.1:1: .*\n$/);
    expect(program.errors()).not.toContain('secret');
  });
});

describe.skipIf(mysqlServer === undefined)('over TLS', LIMIT, () => {
  it('fills a database that takes nobody without, and refuses one that cannot prove who it is', async () => {
    const certificate = await makeCertificate({ name: 'localhost', ip: '127.0.0.1' });
    const { port, user, password } = await privateMysql(certificate);
    const login = `${user}:${encodeURIComponent(password)}`;
    const MYSQL_URL = `mysql://${login}@localhost:${port}/workshop`;

    const trusting = load({ MYSQL_URL, MYSQL_CA: certificate.certFile }, '--rows', '1000');
    expect([await trusting.ended, trusting.errors()]).toEqual([0, '']);

    const strict = load({ MYSQL_URL, MYSQL_TLS: 'verify' });
    expect(await strict.ended).toBe(1);
    expect(strict.errors()).toMatch(/^Could not connect to MySQL at localhost:\d+: self-signed certificate/);

    // The same by the package itself: the name has to be the certificate's, and without TLS this user is not let in.
    const rows = 1_000;
    const refused = ensureDataset(MYSQL_URL, { rows });
    await expect(refused).rejects.toThrow(ConnectionError);
    await expect(refused).rejects.toThrow(/Access denied/);
    const other = await makeCertificate({ name: 'db.example' });
    const elsewhere = await privateMysql(other);
    const wrongName = ensureDataset(`mysql://${login}@localhost:${elsewhere.port}/workshop`, {
      rows,
      tls: { ca: [await readFile(other.certFile, 'utf8')] },
    });
    await expect(wrongName).rejects.toThrow(/Hostname\/IP does not match/);
  });
});
