import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { packagesProvider } from '../../src/providers/packages.ts';
import { fakeRun, type FakeRun } from '../fake-run.ts';
import { makeContext } from '../context.ts';

/** A machine with apt-get and no server that works, whatever there is on this one. */
async function debian(fake: FakeRun, env: NodeJS.ProcessEnv = {}) {
  const made = await makeContext(fake.run, env);
  const bin = path.join(made.context.folder, 'bin');
  await mkdir(bin);
  await writeFile(path.join(bin, 'apt-get'), '');
  await chmod(path.join(bin, 'apt-get'), 0o755);
  made.context.settings.searchPath.splice(0, Infinity, bin);
  return made;
}

test('says what it installs before it does, and what it is doing', async () => {
  const fake = fakeRun({ 'apt-cache': {}, env: {}, service: { code: 1 } });
  const { context, lines } = await debian(fake);
  const outcomes = await packagesProvider.up(['mysql', 'redis', 'cluster'], context);
  expect(lines).toEqual([
    'Installing mariadb-server-core, mariadb-client-core, redis-server with apt-get',
    'Fetching the lists of packages',
    'Fetching and unpacking the packages',
    'Stopping the Redis service that its package starts: the workshop runs a private one',
  ]);
  // The fake installs nothing, and that is noticed.
  expect(outcomes.map((outcome) => 'why' in outcome && outcome.why)).toEqual([
    'no mysqld or mariadbd that may use a private folder is installed',
    'no redis-server or valkey-server is installed',
    'no redis-server or valkey-server is installed',
  ]);
});

test('a list that is out of reach does not matter; a package that is, does', async () => {
  const failed = { code: 100, stderr: 'E: Unable to locate package mariadb-server-core\n' };
  const { context } = await debian(fakeRun({ env: failed }));
  await expect(packagesProvider.up(['mysql'], context)).rejects.toMatchObject({
    code: 'install-failed',
    message: expect.stringMatching(
      /^env .*apt-get .*install .* failed: E: Unable to locate package mariadb-server-core - mend that, .* by hand: sudo apt-get update && /,
    ),
  });
});

test('a full disk is called that', async () => {
  const failed = { code: 100, stderr: "E: You don't have enough free space in /var/cache/apt/archives/.\n" };
  const { context } = await debian(fakeRun({ env: failed }));
  await expect(packagesProvider.up(['redis'], context)).rejects.toMatchObject({ code: 'disk-full' });
});

test('WORKSHOP_INSTALL=never installs nothing and says what to do by hand', async () => {
  const fake = fakeRun({ 'apt-cache': {} });
  const { context, lines } = await debian(fake, { WORKSHOP_INSTALL: 'never' });
  expect(await packagesProvider.up(['redis'], context)).toEqual([
    {
      kind: 'redis',
      why: 'WORKSHOP_INSTALL=never forbids installing one; by hand: sudo apt-get update && sudo apt-get install -y --no-install-recommends redis-server',
    },
  ]);
  expect(fake.commands.filter((command) => command.includes('install'))).toEqual([]);
  expect(lines).toEqual([]);
});

test('does not ask for a password where nobody can answer', async () => {
  const fake = fakeRun({ 'apt-cache': {}, 'sudo -n true': { code: 1 } });
  const { context } = await debian(fake);
  const user = { ...context, machine: { isRoot: false, canAsk: false, hasSystemd: true } };
  expect(await packagesProvider.up(['redis'], user)).toEqual([
    {
      kind: 'redis',
      why: expect.stringMatching(/^installing takes root, and sudo cannot ask .*; by hand: sudo apt-get/),
    },
  ]);
});
