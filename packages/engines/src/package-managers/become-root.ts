import type { InstallContext, InstallStep } from './package-manager.ts';

/** How a command becomes root's. */
export interface RootAccess {
  /** Goes before the command's words. */
  prefix: string[];
  /** What is to be done first. */
  steps: InstallStep[];
  /** Added to what is said before. */
  remark: string;
  /** Why it cannot be had without a person's help. */
  refused?: string;
}

/** Through sudo unless we are root; and through sudo only if it asks for nothing, or somebody is there to answer. */
export async function becomeRoot({ run, machine }: InstallContext): Promise<RootAccess> {
  if (machine.isRoot) return { prefix: [], steps: [], remark: '' };
  const asked = await run('sudo', ['-n', 'true'], { timeoutMs: 10_000 });
  if (asked.code === 0) return { prefix: ['sudo', '-n'], steps: [], remark: ', through sudo' };
  const withSudo = { prefix: ['sudo'], steps: [], remark: '' };
  if (asked.code === null) return { ...withSudo, refused: 'installing takes root, and there is no sudo' };
  if (!machine.canAsk) {
    return { ...withSudo, refused: 'installing takes root, and sudo cannot ask for a password here' };
  }
  return {
    ...withSudo,
    // Asks once, and for all the steps after it.
    steps: [{ words: async () => ['sudo', '-v'] }],
    remark: ', through sudo, which may ask for your password',
  };
}
