import type { Run } from '../run-command.ts';
import { becomeRoot } from './become-root.ts';
import { TOOLS } from './package-manager.ts';
import type { Installable, InstallStep, PackageManager } from './package-manager.ts';

/** Debian, Ubuntu and their kin. */
export const aptGet: PackageManager = {
  program: 'apt-get',
  async plan(wanted, context) {
    const root = await becomeRoot(context);
    const { prefix, remark, refused } = root;
    const aptGetWords = [
      ...prefix,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      // Ubuntu's needrestart would restart services of the user's.
      'NEEDRESTART_MODE=l',
      'apt-get',
      // Another apt-get, the nightly one say, is waited for.
      '-oDPkg::Lock::Timeout=300',
    ];
    // `--no-remove`: never at the price of a package that the user has. MariaDB and MySQL exclude each other.
    const install = ['install', '-y', '--no-install-recommends', '--no-remove'];
    const packages = await packagesFor(wanted, context.run);
    const steps: InstallStep[] = [
      ...root.steps,
      {
        words: async () => [...aptGetWords, 'update'],
        progress: 'Fetching the lists of packages',
        // The list of a third party may be out of reach; what we want is the distribution's own.
        mayFail: true,
      },
      {
        words: async () => [...aptGetWords, ...install, ...(await packagesFor(wanted, context.run))],
        progress: 'Fetching and unpacking the packages',
      },
    ];
    if (wanted.includes('redis')) {
      // It was not there before, so nobody relies on it, and it would hold port 6379 from now on.
      const stop = context.machine.hasSystemd
        ? ['systemctl', 'disable', '--now', 'redis-server.service']
        : ['service', 'redis-server', 'stop'];
      steps.push({
        words: async () => [...prefix, ...stop],
        progress: 'Stopping the Redis service that its package starts: the workshop runs a private one',
        mayFail: true,
      });
    }
    return {
      what: `${packages.join(', ')} with apt-get${remark}`,
      steps,
      byHand: `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`,
      refused,
    };
  },
};

/**
 * MariaDB's server without its system service, and Redis. Since Debian 12 and Ubuntu 23.04 there is `mariadb-server-core`; before, a
 * version ended its name. The client package has a tool that the making of a data folder needs.
 */
async function packagesFor(wanted: readonly Installable[], run: Run): Promise<string[]> {
  const packages: string[] = [];
  if (wanted.includes('mysql')) {
    const plain = 'mariadb-server-core';
    const known = (await run('apt-cache', ['pkgnames', plain])).stdout.split('\n').filter(Boolean);
    const newestLast = known.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    const server = known.includes(plain) ? plain : (newestLast.at(-1) ?? plain);
    packages.push(server, server.replace('server', 'client'));
  }
  if (wanted.includes('redis')) packages.push('redis-server');
  // Without what it recommends, it comes without a font, and every page would be blank.
  if (wanted.includes('browser')) packages.push('chromium', 'fonts-dejavu-core');
  packages.push(...TOOLS.filter((tool) => wanted.includes(tool)));
  return packages;
}
