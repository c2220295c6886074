import { InfraError } from './infra-error.ts';
import { orNothing, type Aws } from './aws/aws.ts';

export interface Account {
  readonly id: string;
  /** Who asks: the ARN of a user or of a role's session. */
  readonly arn: string;
}

/** Whose credentials these are. Every pair that AWS accepts may ask this. */
export async function whoAmI(aws: Aws): Promise<Account> {
  const about = { action: 'sts:GetCallerIdentity', purpose: 'find out which account this is' };
  const { Account: id = '', Arn: arn = '' } = await aws.ask('sts', about, ({ sdk, client }) =>
    client.send(new sdk.GetCallerIdentityCommand({})),
  );
  return { id, arn };
}

/** Where CDK's bootstrap says that it was there, and the oldest version that can deploy this. */
const BOOTSTRAP = { parameter: '/cdk-bootstrap/hnb659fds/version', least: 6 };

/** Throws `InfraError` with the command that is missing, where CDK was never prepared in this account and region. */
export async function expectBootstrap(aws: Aws, account: Account): Promise<void> {
  const about = { action: 'ssm:GetParameter', purpose: 'see whether CDK was bootstrapped' };
  const found = await orNothing(
    aws.ask('ssm', about, ({ sdk, client }) =>
      client.send(new sdk.GetParameterCommand({ Name: BOOTSTRAP.parameter })),
    ),
  );
  const version = Number(found?.Parameter?.Value ?? 0);
  if (version >= BOOTSTRAP.least) return;
  const problem =
    found === undefined
      ? `CDK is not prepared in account ${account.id}, region ${aws.region}.`
      : `CDK's bootstrap in account ${account.id}, region ${aws.region}, is of version ${version}; ${BOOTSTRAP.least} or newer is needed.`;
  throw new InfraError(`${problem} Once for each account and region, from the repository's folder:

  infra/node_modules/.bin/cdk bootstrap aws://${account.id}/${aws.region}

It makes a stack named CDKToolkit: a bucket for files, a registry for images, and
roles with which CDK deploys. They cost nothing but what the files take up (a cent
or so a month), serve every CDK app of the account, and stay when the workshop goes.`);
}
