import { install } from '../package-managers/install.ts';
import { nativeProvider } from './native.ts';
import type { Provider } from './provider.ts';

/** Servers that the system's package manager installs first; then they are run as any on this machine. */
export const packagesProvider: Provider = {
  async up(wanted, context) {
    const no = (why: string) => wanted.map((kind) => ({ kind, why }));
    if (context.settings.source === 'docker')
      return no('WORKSHOP_ENGINES=docker leaves out installing servers');
    const stores = [...new Set(wanted.map((kind) => (kind === 'mysql' ? 'mysql' : 'redis')))];
    const why = await install(stores, context);
    return why === undefined ? nativeProvider.up(wanted, context) : no(why);
  },
};
