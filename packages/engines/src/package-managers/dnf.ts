import { becomeRoot } from './become-root.ts';
import { TOOLS } from './package-manager.ts';
import type { PackageManager } from './package-manager.ts';

/** Fedora, RHEL and their kin. Their packages start no service. */
export const dnf: PackageManager = {
  program: 'dnf',
  async plan(wanted, context) {
    const { prefix, steps, remark, refused } = await becomeRoot(context);
    const packages = wanted.includes('mysql') ? ['mariadb-server'] : [];
    if (wanted.includes('redis')) {
      // Since Fedora 41 and RHEL 10, Valkey stands in Redis's place.
      const hasValkey = (await context.run('dnf', ['--quiet', 'info', 'valkey'])).code === 0;
      packages.push(hasValkey ? 'valkey' : 'redis');
    }
    if (wanted.includes('browser')) packages.push('chromium', 'dejavu-sans-fonts');
    // They are found by what they provide, whatever the package is called.
    packages.push(...TOOLS.filter((tool) => wanted.includes(tool)).map((tool) => `/usr/bin/${tool}`));
    const words = ['dnf', 'install', '-y', '--setopt=install_weak_deps=False', ...packages];
    return {
      what: `${packages.join(', ')} with dnf${remark}`,
      steps: [...steps, { words: async () => [...prefix, ...words] }],
      byHand: `sudo ${words.join(' ')}`,
      refused,
    };
  },
};
