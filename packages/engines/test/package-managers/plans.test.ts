import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Machine } from '../../src/machine.ts';
import { aptGet } from '../../src/package-managers/apt-get.ts';
import { brew } from '../../src/package-managers/brew.ts';
import { dnf } from '../../src/package-managers/dnf.ts';
import { findPackageManager } from '../../src/package-managers/find.ts';
import type { Installable, PackageManager } from '../../src/package-managers/package-manager.ts';
import { readSettings } from '../../src/settings.ts';
import { fakeRun } from '../fake-run.ts';

const settings = readSettings({ PATH: '/usr/bin' });
const root: Machine = { isRoot: true, canAsk: false, hasSystemd: false };
const user: Machine = { isRoot: false, canAsk: false, hasSystemd: true };

type Answers = Parameters<typeof fakeRun>[0];

async function planOf(
  manager: PackageManager,
  machine: Machine,
  answers: Answers,
  wanted: readonly Installable[] = ['mysql', 'redis'],
) {
  const { run } = fakeRun(answers);
  const plan = await manager.plan(wanted, { run, settings, machine });
  const commands = await Promise.all(plan.steps.map(async ({ words }) => (await words()).join(' ')));
  return { ...plan, commands };
}

describe('apt-get', () => {
  const debian12 = { 'apt-cache pkgnames mariadb-server-core': { stdout: 'mariadb-server-core\n' } };

  test('as root: the exact commands', async () => {
    const { what, commands, byHand, refused } = await planOf(aptGet, root, debian12);
    expect(what).toBe('mariadb-server-core, mariadb-client-core, redis-server with apt-get');
    const apt = 'env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get -oDPkg::Lock::Timeout=300';
    expect(commands).toEqual([
      `${apt} update`,
      `${apt} install -y --no-install-recommends --no-remove mariadb-server-core mariadb-client-core redis-server`,
      'service redis-server stop',
    ]);
    expect(byHand).toBe(
      'sudo apt-get update && sudo apt-get install -y --no-install-recommends mariadb-server-core mariadb-client-core redis-server',
    );
    expect(refused).toBeUndefined();
  });

  test('as a user with sudo that asks for nothing; the service is stopped through systemd', async () => {
    const { what, commands } = await planOf(aptGet, user, { ...debian12, 'sudo -n true': {} });
    expect(what).toMatch(/with apt-get, through sudo$/);
    expect(commands.every((command) => command.startsWith('sudo -n '))).toBe(true);
    expect(commands.at(-1)).toBe('sudo -n systemctl disable --now redis-server.service');
  });

  test('as a user whose sudo asks: only where somebody can answer', async () => {
    const asks = { ...debian12, 'sudo -n true': { code: 1, stderr: 'sudo: a password is required' } };
    const there = await planOf(aptGet, { ...user, canAsk: true }, asks);
    expect(there.commands[0]).toBe('sudo -v');
    expect(there.commands[1]).toMatch(/^sudo env .* update$/);
    expect(there.what).toMatch(/through sudo, which may ask for your password$/);
    expect(there.refused).toBeUndefined();
    const alone = await planOf(aptGet, user, asks);
    expect(alone.refused).toBe('installing takes root, and sudo cannot ask for a password here');
    const without = await planOf(aptGet, { ...user, canAsk: true }, debian12);
    expect(without.refused).toBe('installing takes root, and there is no sudo');
  });

  test('the names that older releases have, known once the lists are there', async () => {
    const names = 'mariadb-server-core-10.5\nmariadb-server-core-10.11\nmariadb-server-core-10.6\n';
    const { commands } = await planOf(aptGet, root, {
      'apt-cache pkgnames mariadb-server-core': { stdout: names },
    });
    expect(commands[1]).toMatch(/ mariadb-server-core-10\.11 mariadb-client-core-10\.11 redis-server$/);
  });

  test('only what is missing', async () => {
    const { run } = fakeRun(debian12);
    const mysql = await aptGet.plan(['mysql'], { run, settings, machine: root });
    expect(mysql.what).toBe('mariadb-server-core, mariadb-client-core with apt-get');
    expect(mysql.steps).toHaveLength(2);
    const redis = await aptGet.plan(['redis'], { run, settings, machine: root });
    expect(redis.what).toBe('redis-server with apt-get');
  });
});

describe('a browser', () => {
  const commandsOf = async (manager: PackageManager, machine: Machine) =>
    (await planOf(manager, machine, {}, ['browser'])).commands.map((command) =>
      command.replace(/^env .*apt-/, 'apt-'),
    );

  test('comes with a font, and no service is stopped for it', async () => {
    expect(await commandsOf(aptGet, root)).toEqual([
      'apt-get -oDPkg::Lock::Timeout=300 update',
      'apt-get -oDPkg::Lock::Timeout=300 install -y --no-install-recommends --no-remove chromium fonts-dejavu-core',
    ]);
    expect(await commandsOf(dnf, root)).toEqual([
      'dnf install -y --setopt=install_weak_deps=False chromium dejavu-sans-fonts',
    ]);
  });

  test("is Homebrew's Chrome, beside the servers or alone", async () => {
    expect(await commandsOf(brew, user)).toEqual(['brew install --cask google-chrome']);
    const all = await planOf(brew, user, {}, ['redis', 'browser']);
    expect(all.commands).toEqual(['brew install valkey', 'brew install --cask google-chrome']);
    expect(all.what).toBe('valkey, google-chrome with Homebrew');
    expect(all.byHand).toBe('brew install valkey && brew install --cask google-chrome');
  });
});

describe('dnf', () => {
  test('Valkey where there is Valkey, else Redis', async () => {
    const fedora = await planOf(dnf, root, { 'dnf --quiet info valkey': {} });
    expect(fedora.commands).toEqual([
      'dnf install -y --setopt=install_weak_deps=False mariadb-server valkey',
    ]);
    const rhel9 = await planOf(dnf, user, { 'sudo -n true': {}, 'dnf --quiet info valkey': { code: 1 } });
    expect(rhel9.commands).toEqual([
      'sudo -n dnf install -y --setopt=install_weak_deps=False mariadb-server redis',
    ]);
    expect(rhel9.byHand).toBe('sudo dnf install -y --setopt=install_weak_deps=False mariadb-server redis');
  });
});

describe('brew', () => {
  test('as a user, without sudo; never as root', async () => {
    const { commands, what, refused } = await planOf(brew, user, {});
    expect(commands).toEqual(['brew install mysql@8.4 valkey']);
    expect(what).toBe('mysql@8.4, valkey with Homebrew');
    expect(refused).toBeUndefined();
    expect((await planOf(brew, root, {})).refused).toBe('Homebrew does not run as root');
  });
});

describe('which one', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'managers-test-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const install = async (where: string, program: string) => {
    await mkdir(path.join(folder, where), { recursive: true });
    await writeFile(path.join(folder, where, program), '');
    await chmod(path.join(folder, where, program), 0o755);
  };

  test('the first of apt-get, dnf and brew that is here', async () => {
    expect(await findPackageManager([folder], [])).toBeUndefined();
    await install('bin', 'brew');
    expect(await findPackageManager([], [path.join(folder, 'bin')])).toBe(brew);
    await install('bin', 'dnf');
    expect(await findPackageManager([path.join(folder, 'bin')], [])).toBe(dnf);
    await install('sbin', 'apt-get');
    expect(await findPackageManager([path.join(folder, 'bin')], [path.join(folder, 'sbin')])).toBe(aptGet);
  });
});
