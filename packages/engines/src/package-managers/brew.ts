import type { PackageManager } from './package-manager.ts';

/** macOS, mostly. Homebrew starts no service unless asked. */
export const brew: PackageManager = {
  program: 'brew',
  async plan(stores, { machine }) {
    // The same as in compose.yaml. `mysql@8.4` is not linked into PATH; the server is found in its keg.
    const formulae = [
      ...(stores.includes('mysql') ? ['mysql@8.4'] : []),
      ...(stores.includes('redis') ? ['valkey'] : []),
    ];
    const words = ['brew', 'install', ...formulae];
    return {
      what: `${formulae.join(', ')} with Homebrew`,
      steps: [{ words: async () => words }],
      byHand: words.join(' '),
      refused: machine.isRoot ? 'Homebrew does not run as root' : undefined,
    };
  },
};
