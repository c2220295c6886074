import { withAws } from './aws/aws.ts';
import { findStack } from './aws/stacks.ts';
import { billLine } from './bill-table.ts';
import { cdk } from './cdk.ts';
import type { Io } from './io.ts';
import { synthesise, type Settings } from './synthesise.ts';

/** `pnpm infra:diff`: what `deploy` would change. It changes nothing, and makes no change set either. */
export async function diff(
  settings: Settings,
  io: Pick<Io, 'say'>,
  { make = synthesise, runCdk = cdk } = {},
): Promise<number> {
  const { config, folder, bill } = await make(settings, { validates: false });
  return await withAws(async (aws) => {
    const stack = await findStack(aws, config.stackName);
    if (stack === undefined)
      io.say(`There is no stack ${config.stackName} in ${aws.region}: all of it would be new.`);
    const code = await runCdk(
      ['diff', config.stackName, '--app', folder, '--method', 'template'],
      aws.region,
    );
    io.say(`Price after it: ${billLine(bill)}.`);
    return code;
  });
}
