import type { Stack } from '@aws-sdk/client-cloudformation';
import { isSet, type Template } from '../prices/template.ts';
import { withAws, type Aws } from './aws/aws.ts';
import { deployedTemplate, findDeletedStack, findStack, stackResources } from './aws/stacks.ts';
import { flag } from './deploy.ts';
import { emptyBuckets } from './empty-buckets.ts';
import { deleteAndFollow } from './follow-deletion.ts';
import { InfraError } from './infra-error.ts';
import type { Io } from './io.ts';
import { whatIsLeft, type Left } from './left.ts';
import { count, table, wrap } from './words.ts';

export interface DestroyOptions {
  readonly stackName: string;
  /** Whether the question is answered in advance. */
  readonly yes: boolean;
}

/**
 * `pnpm infra:destroy`: deletes the stack, waits until it is gone, and lists what is left of it. Where there is no stack (any more), it only lists.
 * @returns 0 if nothing is left
 */
export async function destroy({ stackName, yes }: DestroyOptions, io: Io): Promise<number> {
  return await withAws(async (aws) => {
    const stack = await findStack(aws, stackName);
    const stackId = stack?.StackId ?? (await findDeletedStack(aws, stackName));
    if (stack === undefined) io.say(`There is no stack ${stackName} in ${aws.region}.`);
    else {
      const failed = await deleteStack(aws, stack, stackName, yes, io);
      if (failed.length > 0) {
        io.say(`\nThe stack ${stackName} is not deleted:`);
        for (const line of failed) io.say(wrap(line, '  '));
        io.say(`\nWhat is gone is gone. Remove the cause, and run this again.`);
        return 1;
      }
    }
    io.say(`\nLooking for what is left with the tag of ${stackName} ...`);
    const resources = stackId === undefined ? [] : await stackResources(aws, stackId);
    return tell(await whatIsLeft(aws, { stackName, stackId, resources }, io), aws, io);
  });
}

async function deleteStack(
  aws: Aws,
  stack: Stack,
  stackName: string,
  yes: boolean,
  io: Io,
): Promise<readonly string[]> {
  const template = await deployedTemplate(aws, stackName);
  expectUnprotected(stack, template, stackName);
  const resources = await stackResources(aws, stackName);
  io.say(
    wrap(
      `This deletes the stack ${stackName} in ${aws.region}: ${count(resources.length, 'resource')}, its database and all data in it.`,
    ),
  );
  await expectAnswer(stackName, yes, io);
  io.say('\nThis takes about 10 minutes. Ctrl-C stops the watching, not the deletion.\n');
  const names = { id: stack.StackId ?? stackName, name: stackName };
  await emptyBuckets(aws, template, resources, io);
  const failed = await deleteAndFollow(aws, names, io);
  if (failed.length === 0 || (await emptyBuckets(aws, template, resources, io)) === 0) return failed;
  // A load balancer writes its log until it is gone, also into a bucket that was empty already.
  return await deleteAndFollow(aws, names, io);
}

/** Throws `InfraError` with how to lift the protection: CloudFormation would refuse, or stop halfway. */
function expectUnprotected(stack: Stack, { Resources = {} }: Template, stackName: string): void {
  const isProtected = Object.values(Resources).some(({ Properties = {} }) =>
    isSet(Properties['DeletionProtection']),
  );
  if (stack.EnableTerminationProtection !== true && !isProtected) return;
  throw new InfraError(`The stack ${stackName} is protected against deletion, since its data is to be kept.
Lift that first, with the settings that it was deployed with and one more:

  pnpm infra:deploy --profile production${flag(stackName)} -c database.keepData=false

Then run this again. A snapshot that you want must be made before.`);
}

/** Throws `InfraError` unless somebody means it. */
async function expectAnswer(stackName: string, yes: boolean, io: Io): Promise<void> {
  if (yes) return;
  if (io.ask === undefined) {
    throw new InfraError(
      'There is no terminal to ask in, so nothing was deleted. Give --yes to delete without a question.',
    );
  }
  const answer = await io.ask(`\nType its name to delete it: `);
  if (answer !== stackName) throw new InfraError('Nothing was deleted.');
}

function tell(left: readonly Left[], aws: Aws, io: Io): number {
  if (left.length === 0) {
    io.say('Nothing is left.');
    return 0;
  }
  io.say(`\nLeft in ${aws.region}, and it may cost money:`);
  io.say(table(left.map(({ what, id }) => [what, id])));
  const ways = left.flatMap(({ how }) => how ?? []);
  if (ways.length > 0) io.say(`\nTo delete it:\n${ways.map((way) => `  ${way}`).join('\n')}`);
  return 1;
}
