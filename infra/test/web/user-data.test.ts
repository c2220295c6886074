import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { enginesUp } from '@workshop/engines';
import { createTestDatabase } from '@workshop/engines/test-space';
import { throwawayRedis } from '@workshop/engines/throwaway';
import { findTool } from '@workshop/engines/tools';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { SetupValues } from '../../lib/web/user-data.ts';
import { startAmazon } from './amazon.ts';
import type { Machine, MachineOptions } from './machine.ts';
import { bootMachine, noMachine } from './machine.ts';

const run = promisify(execFile);
const web = fileURLToPath(new URL('../../../packages/web', import.meta.url));

/** The bundle as CDK puts it into S3: the folder's content as a zip file. */
const bundle = { folder: '', zip: '', sha256: '', mysqlUrl: '' };

beforeAll(async () => {
  if (noMachine !== undefined) return;
  const home = await mkdtemp(path.join(tmpdir(), 'user-data-'));
  bundle.folder = path.join(home, 'dist');
  await run(process.execPath, ['--import', 'tsx', 'bundle/build.ts', '--out', bundle.folder], { cwd: web });
  bundle.sha256 = sha256Of(await readFile(path.join(bundle.folder, 'SHA256SUMS')));
  bundle.zip = await zipped(bundle.folder);
  // Amazon Linux gets it from its own packages.
  await findTool('unzip');
  bundle.mysqlUrl = (await enginesUp()).mysqlUrl;
  return () => rm(home, { recursive: true });
});

async function zipped(folder: string): Promise<string> {
  const zip = `${folder}.zip`;
  await rm(zip, { force: true });
  await run(await findTool('zip'), ['-q', '-r', zip, '.'], { cwd: folder });
  return zip;
}

/** Another bundle, of these files. */
async function standIn(
  files: Readonly<Record<string, string>>,
): Promise<{ folder: string; zip: string; sha256: string }> {
  const folder = await mkdtemp(path.join(path.dirname(bundle.folder), 'stand-in-'));
  const sums = Object.entries(files).map(([name, text]) => `${sha256Of(text)}  ${name}\n`);
  const SHA256SUMS = sums.join('');
  for (const [name, text] of Object.entries({ ...files, SHA256SUMS }))
    await writeFile(path.join(folder, name), text);
  return { folder, zip: await zipped(folder), sha256: sha256Of(SHA256SUMS) };
}

const sha256Of = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

/** A machine that has all it needs, but for what is given. */
async function boot(
  values: Partial<SetupValues> = {},
  options: Partial<MachineOptions> = {},
): Promise<Machine & { port: number }> {
  const database = await createTestDatabase(bundle.mysqlUrl);
  const { username, password, host, pathname } = new URL(database.url);
  const redis = await throwawayRedis({ tls: true });
  onTestFinished(async () => {
    await redis.stop();
    await database.drop();
  });
  const { url } = await startAmazon({
    'the-database': JSON.stringify({
      username,
      password: decodeURIComponent(password),
      dbname: pathname.slice(1),
    }),
    'the-cache': JSON.stringify({ username: 'default', password: new URL(redis.url).password }),
  });
  const port = await freePort();
  const machine = await bootMachine({
    values: {
      stackName: 'Site',
      region: 'eu-west-1',
      resource: 'WebMachine0123',
      bundleUrl: 's3://assets/bundle.zip',
      bundleSha256: bundle.sha256,
      outputs: JSON.stringify({
        Site: {
          secretname: 'the-database',
          mysqlendpoint: host,
          redisendpoint: `localhost:${redis.port}`,
          redissecretname: 'the-cache',
          redismode: 'node',
        },
      }),
      host: '127.0.0.1',
      port,
      trustProxy: 'none',
      onFailure: 'stay',
      rows: 1_000,
      readySeconds: 60,
      ...values,
    },
    environment: {
      AWS_ENDPOINT_URL: url,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: url,
      // The tests' MySQL has no certificate, and their Redis one of its own making.
      MYSQL_TLS: 'off',
      REDIS_CA: '/machine/redis.pem',
    },
    bucket: { 'assets/bundle.zip': bundle.zip },
    files: { 'redis.pem': redis.ca ?? '' },
    ...options,
  });
  return { ...machine, port };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe.skipIf(noMachine !== undefined)('a new machine', () => {
  test('makes a server of itself, and tells CloudFormation', async () => {
    const { code, output, signal, processes, changeable, isOff, port } = await boot();
    expect([code, signal], output).toEqual([
      0,
      {
        '--exit-code': '0',
        '--reason': 'The site is ready',
        '--stack': 'Site',
        '--resource': 'WebMachine0123',
        '--region': 'eu-west-1',
      },
    ]);
    expect(output).toMatch(/^Loaded: 1,000 articles and \d{3},\d{3} cities\.$/m);
    expect(output).not.toContain(decodeURIComponent(new URL(bundle.mysqlUrl).password));
    expect(isOff).toBe(false);

    const site = `http://127.0.0.1:${port}`;
    expect(await (await fetch(`${site}/readyz`)).json()).toMatchObject({
      status: 'ok',
      engines: { mysql: { ok: true }, redis: { ok: true } },
    });
    const page = await fetch(`${site}/query_cache?query=scan&term=delta`);
    expect(page.status).toBe(200);
    expect((await fetch(`${site}/scripts/page.js`)).status).toBe(200);

    // Under a user of its own, who may change nothing of the site.
    const servers = processes.filter((each) => each.includes('main.js'));
    expect(servers.length).toBeGreaterThan(1);
    expect(
      servers.filter((each) => !/^(caching-workshop \/usr\/bin\/node-24|root .*runuser) /.test(each)),
    ).toEqual([]);
    expect(changeable).toEqual([]);
    // All of it in a file system of its own.
    for (const place of [
      '/opt/caching-workshop',
      '/etc/caching-workshop',
      '/usr/local/bin/caching-workshop-load',
    ]) {
      expect(existsSync(place), place).toBe(false);
    }
  });
});

describe.skipIf(noMachine !== undefined)('a machine that cannot become a server says why:', () => {
  test('the bundle is not there', async () => {
    const { code, signal, isOff } = await boot({}, { bucket: {} });
    expect(code).toBe(1);
    expect(signal).toMatchObject({ '--exit-code': '1', '--stack': 'Site', '--resource': 'WebMachine0123' });
    expect(signal['--reason']).toMatch(/^Fetching the bundle failed: .*\(404\).*bundle\.zip" does not exist/);
    expect(isOff).toBe(false);
  });

  test('the bundle is another one', async () => {
    const { zip } = await standIn({ 'main.js': '' });
    const { signal } = await boot({ bundleSha256: '0'.repeat(64) }, { bucket: { 'assets/bundle.zip': zip } });
    expect(signal['--exit-code']).toBe('1');
    expect(signal['--reason']).toMatch(/^Checking the bundle failed: .*SHA256SUMS: FAILED/);
  });

  test('a file of the bundle was changed on the way', async () => {
    const { folder, sha256 } = await standIn({ 'main.js': 'console.log("What was built")' });
    await writeFile(path.join(folder, 'main.js'), 'console.log("Something else")');
    const { signal } = await boot(
      { bundleSha256: sha256 },
      { bucket: { 'assets/bundle.zip': await zipped(folder) } },
    );
    expect(signal['--reason']).toMatch(/^Checking the bundle failed: .*main\.js: FAILED/);
  });

  test('the database cannot be reached', async () => {
    const { signal, processes } = await boot({
      outputs: JSON.stringify({
        Site: { secretname: 'the-database', mysqlendpoint: '127.0.0.1:1', redisendpoint: 'localhost:1' },
      }),
    });
    expect(signal['--reason']).toMatch(
      /^Loading the data set failed: .*Could not connect to MySQL at 127\.0\.0\.1:1/,
    );
    expect(processes.filter((each) => each.includes('main.js'))).toEqual([]);
  });

  test('the site is never ready', async () => {
    const { zip, sha256 } = await standIn({
      'load-data.js': 'console.log("Nothing to do")',
      'main.js': `console.log('{"level":30,"msg":"configured"}'); console.error("The port is taken."); process.exit(1)`,
    });
    const bucket = { 'assets/bundle.zip': zip };
    const { code, signal } = await boot({ bundleSha256: sha256, readySeconds: 5 }, { bucket });
    expect(code).toBe(1);
    expect(signal['--reason']).toMatch(
      /^Waiting until the site is ready failed: curl: \(7\) .* The port is taken\. $/,
    );
  });

  test('and one of a fleet goes, so that another comes', async () => {
    const { signal, isOff } = await boot({ onFailure: 'power-off' }, { bucket: {} });
    expect(signal['--exit-code']).toBe('1');
    expect(isOff).toBe(true);
  });
});
