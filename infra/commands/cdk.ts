import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';

const cli = path.join(
  path.dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json')),
  'bin',
  'cdk',
);

/**
 * Runs CDK's own command line on what was synthesised, in this terminal. It asks nobody for news and tells nobody that it ran.
 * @returns its exit code
 */
export async function cdk(
  args: readonly string[],
  region: string,
  stdio: 'inherit' | 'ignore' = 'inherit',
): Promise<number> {
  const child = spawn(process.execPath, [cli, ...args, '--no-notices'], {
    stdio,
    env: {
      ...process.env,
      // The one that was named before the question, also where the region is set in a file.
      AWS_REGION: region,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      CDK_DISABLE_VERSION_CHECK: '1',
    },
  });
  // Ctrl-C reaches both; it is CDK's to decide what becomes of it.
  const ignore = () => {};
  process.on('SIGINT', ignore);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return code ?? 1;
  } finally {
    process.off('SIGINT', ignore);
  }
}
