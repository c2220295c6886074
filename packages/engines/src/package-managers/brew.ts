import { TOOLS } from './package-manager.ts';
import type { PackageManager } from './package-manager.ts';

/** macOS, mostly. Homebrew starts no service unless asked. */
export const brew: PackageManager = {
  program: 'brew',
  async plan(wanted, { machine }) {
    // The same as in compose.yaml. `mysql@8.4` is not linked into PATH; the server is found in its keg.
    const formulae = [
      ...(wanted.includes('mysql') ? ['mysql@8.4'] : []),
      ...(wanted.includes('redis') ? ['valkey'] : []),
      ...TOOLS.filter((tool) => wanted.includes(tool)),
    ];
    // Chrome, since Homebrew's Chromium is not signed and macOS will not open it.
    const casks = wanted.includes('browser') ? ['google-chrome'] : [];
    const commands = [
      ...(formulae.length > 0 ? [['brew', 'install', ...formulae]] : []),
      ...(casks.length > 0 ? [['brew', 'install', '--cask', ...casks]] : []),
    ];
    return {
      what: `${[...formulae, ...casks].join(', ')} with Homebrew`,
      steps: commands.map((words) => ({ words: async () => words })),
      byHand: commands.map((words) => words.join(' ')).join(' && '),
      refused: machine.isRoot ? 'Homebrew does not run as root' : undefined,
    };
  },
};
