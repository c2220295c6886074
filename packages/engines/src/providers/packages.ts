import type { EngineContext } from '../engine-context.ts';
import { EngineError } from '../engine-error.ts';
import { findPackageManager } from '../package-managers/find.ts';
import type { InstallPlan } from '../package-managers/package-manager.ts';
import { reasonOf, runWithBeats } from '../run-with-beats.ts';
import { nativeProvider } from './native.ts';
import type { Provider } from './provider.ts';

/** Servers that the system's package manager installs first; then they are run as any on this machine. */
export const packagesProvider: Provider = {
  async up(wanted, context) {
    const no = (why: string) => wanted.map((kind) => ({ kind, why }));
    if (context.settings.source === 'docker')
      return no('WORKSHOP_ENGINES=docker leaves out installing servers');
    const manager = await findPackageManager(context.settings.searchPath);
    if (!manager) return no('there is no apt-get, dnf or brew to install one with');
    const stores = [...new Set(wanted.map((kind) => (kind === 'mysql' ? 'mysql' : 'redis')))];
    const plan = await manager.plan(stores, context);
    if (context.settings.install === 'never') {
      return no(`WORKSHOP_INSTALL=never forbids installing one; by hand: ${plan.byHand}`);
    }
    if (plan.refused) return no(`${plan.refused}; by hand: ${plan.byHand}`);
    await install(plan, context);
    return nativeProvider.up(wanted, context);
  },
};

async function install(plan: InstallPlan, context: EngineContext): Promise<void> {
  context.progress(`Installing ${plan.what}`);
  for (const step of plan.steps) {
    if (step.progress) context.progress(step.progress);
    const [command = '', ...args] = await step.words();
    const result = await runWithBeats(command, args, context, context.settings.childEnv);
    if (result.code === 0 || step.mayFail) continue;
    const full = /No space left|enough free space/i.test(result.stdout + result.stderr);
    throw new EngineError(
      full ? 'disk-full' : 'install-failed',
      `${[command, ...args].join(' ')} failed: ${reasonOf(result)} - ${full ? 'make room on the disk' : 'mend that'}, then try again; by hand: ${plan.byHand}`,
    );
  }
}
