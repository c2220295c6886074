import { billTable } from './bill-table.ts';
import { expectBootstrap, whoAmI } from './account.ts';
import { Aws, withAws } from './aws/aws.ts';
import { findStack, outputsOf } from './aws/stacks.ts';
import { cdk } from './cdk.ts';
import { InfraError } from './infra-error.ts';
import type { Io } from './io.ts';
import { synthesise, type Settings, type Synthesised } from './synthesise.ts';
import { duration, wrap } from './words.ts';

export interface DeployOptions {
  readonly settings: Settings;
  /** Whether the question is answered in advance. */
  readonly yes: boolean;
}

/** The question is asked here, before. */
const DEPLOY = ['deploy', '--require-approval', 'never', '--progress', 'events'];

/** `pnpm infra:deploy`: says what it costs, asks, deploys, and says how to open it and how to be rid of it. */
export async function deploy(
  { settings, yes }: DeployOptions,
  io: Io,
  { make = synthesise, runCdk = cdk } = {},
): Promise<number> {
  const made = await make(settings);
  const { stackName } = made.config;
  // Told also to those who have no account yet.
  const region = await Aws.open().then(
    (aws) => aws.region,
    () => made.bill.region,
  );
  io.say(`${billTable(made.bill, region)}\n`);
  return await withAws(async (aws) => {
    const account = await whoAmI(aws);
    io.say(`Account ${account.id}, region ${aws.region}, as ${account.arn.split(':').at(-1)}`);
    await expectBootstrap(aws, account);
    const before = await findStack(aws, stackName);
    await expectAnswer(before !== undefined, made, yes, io);
    const startedAt = io.now().getTime();
    io.say(`\nThis takes about ${before === undefined ? 15 : 5} minutes; a database is slow to make.\n`);
    const end = await endOf(made, io.now());
    const code = await runCdk(
      [...DEPLOY, ...(end?.parameters ?? []), '--app', made.folder, stackName],
      aws.region,
    );
    if (code !== 0) return failed(stackName, io);
    io.say(
      `\nDeployed in ${duration(io.now().getTime() - startedAt)}. ${end?.words ?? 'It costs money until you destroy it.'}`,
    );
    io.say(await whatNow(aws, made));
    return 0;
  });
}

/** Throws `InfraError` unless somebody wants it. */
async function expectAnswer(isThere: boolean, { config }: Synthesised, yes: boolean, io: Io): Promise<void> {
  const { stackName, profile } = config;
  io.say(
    isThere
      ? wrap(
          `The stack ${stackName} is there already, and would be brought to what is here: profile ${profile}. pnpm infra:diff shows what would change; what has another profile now may be replaced, with its data.`,
        )
      : `The stack ${stackName}, profile ${profile}, would be new.`,
  );
  if (yes) return;
  if (io.ask === undefined) {
    throw new InfraError(
      'There is no terminal to ask in, so nothing was deployed. Give --yes to deploy without a question.',
    );
  }
  const answer = await io.ask('\nDeploy it? [y/N] ');
  if (!/^y(es)?$/i.test(answer)) throw new InfraError('Nothing was deployed.');
}

function failed(stackName: string, io: Io): number {
  io.say(`
The deployment failed; the first line with FAILED above says why. CloudFormation
takes back what it made. See what is there, and end it:
  pnpm infra:status${flag(stackName)}
  pnpm infra:destroy${flag(stackName)}`);
  return 1;
}

async function whatNow(aws: Aws, { config, bill }: Synthesised): Promise<string> {
  const { stackName, access } = config;
  const stack = await findStack(aws, stackName);
  const outputs = stack === undefined ? {} : outputsOf(stack);
  const url = access.visitors === undefined ? undefined : outputs['webserverurl'];
  return `
  ${url === undefined ? `pnpm infra:open${flag(stackName)}` : url}
      the page
  pnpm infra:load${flag(stackName)} --rows 1000000
      more articles than the 200,000 it begins with
  pnpm infra:status${flag(stackName)}
      how it is, and what it has cost (${bill.usdPerHour.toFixed(4)} USD an hour)
  pnpm infra:destroy${flag(stackName)}
      and back to nothing`;
}

/** When the stack destroys itself, for CloudFormation and for people. The time counts from the deployment. */
async function endOf({ config }: Synthesised, now: Date) {
  const { stackName, destroyAfterHours: hours } = config;
  if (hours === undefined) return undefined;
  const { DESTROY_AT, destroyAt } = await import('../lib/self-destruct.ts');
  const at = destroyAt(hours, now);
  return {
    parameters: ['--parameters', `${stackName}:${DESTROY_AT}=${at}`],
    words: `It destroys itself at ${at.slice(0, 16).replace('T', ' ')} UTC, in about ${hours} hours.`,
  };
}

/** The stack's name, for a command that would take another. */
export function flag(stackName: string): string {
  return stackName === DEFAULT_STACK ? '' : ` --stack ${stackName}`;
}

export const DEFAULT_STACK = 'CachingWorkshop';
