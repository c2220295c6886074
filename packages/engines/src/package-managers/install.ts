import type { EngineContext } from '../engine-context.ts';
import { EngineError } from '../engine-error.ts';
import { reasonOf, runWithBeats } from '../run-with-beats.ts';
import { findPackageManager } from './find.ts';
import type { InstallContext, Installable, InstallPlan } from './package-manager.ts';

type Installer = InstallContext & Pick<EngineContext, 'progress'>;

/**
 * Has the system's package manager install what is wanted, and says so first.
 *
 * @returns why that may not be, or cannot; undefined once it is done.
 * @throws {EngineError} when it was tried and failed.
 */
export async function install(
  wanted: readonly Installable[],
  context: Installer,
): Promise<string | undefined> {
  const manager = await findPackageManager(context.settings.searchPath);
  if (!manager) return 'there is no apt-get, dnf or brew to install one with';
  const plan = await manager.plan(wanted, context);
  if (context.settings.install === 'never') {
    return `WORKSHOP_INSTALL=never forbids installing one; by hand: ${plan.byHand}`;
  }
  if (plan.refused) return `${plan.refused}; by hand: ${plan.byHand}`;
  await carryOut(plan, context);
  return undefined;
}

async function carryOut(plan: InstallPlan, context: Installer): Promise<void> {
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
