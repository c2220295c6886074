import { fail } from '@workshop/lab-kit';
import { allows, rolesOf, statementsOf, statementsOfRole, type Statement } from '../template/policies.ts';
import { resourcesOf } from '../template/stack-model.ts';
import { isValues, listOf, textOf } from '../template/template.ts';
import { counted, stackCheck, type StackCheck, type Subject } from './lab-check.ts';
import { databasesOf } from './parts.ts';
import { secretOf } from './secret-of.ts';
import { launchOf, serversOf } from './servers.ts';

export const permitted: StackCheck = stackCheck({
  id: 'permitted',
  title: 'The web server may read its secret and find its stack',
  expected:
    "secretsmanager:GetSecretValue on the database's secret, cloudformation:DescribeStacks on this stack",
  hint: 'GAP 3. A role may nothing until a policy says so.',
  hints: [
    'Which two calls does the server make when it starts, and on what?',
    '`secret.grantRead(role)`, or a PolicyStatement with `secret.secretArn`; and one with `this.stackId`.',
    { file: 'workshop-stack.ts', from: 'actions: [', to: 'this.stackId' },
  ],
  judge(subject) {
    const statements = serversOf(subject).flatMap((server) =>
      rolesOf(subject, launchOf(subject, server)).flatMap((role) => statementsOfRole(subject, role)),
    );
    const missing = {
      mistake: 'not-permitted',
      leadsTo: 'The server starts, is refused, and has no password to connect with or nobody to connect to.',
    };
    const secrets = databasesOf(subject).flatMap((database) => secretOf(subject, database) ?? []);
    if (!secrets.some(({ arn }) => allows(statements, 'secretsmanager:GetSecretValue', arn))) {
      fail(
        `the web server's role has ${counted(statements.length, 'statement')}, and none allows GetSecretValue on the database's secret`,
        missing,
      );
    }
    if (!allows(statements, 'cloudformation:DescribeStacks', subject.place['AWS::StackId'] ?? '')) {
      fail(
        `the web server's role has ${counted(statements.length, 'statement')}, and none allows DescribeStacks on this stack`,
        missing,
      );
    }
    return 'GetSecretValue on the secret, DescribeStacks on the stack';
  },
});

export const noWildcards: StackCheck = stackCheck({
  id: 'no-wildcards',
  title: 'No policy allows more than it has to',
  expected:
    'no action with a *, no resource that is * or every one of its kind, no managed policy but those in the guide',
  hint: 'GAP 3. Name the action and the resource; CDK knows the ARN of what it makes.',
  hints: [
    'Somebody runs code on your server. What else of the account could they read with its role?',
    'A `*` may only stand behind a name: `stack/Workshop/*`. `secret.secretArn` and `this.stackId` need none.',
    { file: 'workshop-stack.ts', from: 'actions: [', to: 'this.stackId' },
  ],
  judge(subject) {
    const statements = statementsOf(subject).filter((statement) => statement.allows);
    for (const statement of statements) judgeStatement(statement);
    judgeManaged(subject);
    return `${counted(statements.length, 'statement')}: each names what it allows`;
  },
});

const tooWide = {
  mistake: 'wildcard-policy',
  leadsTo: 'Who gets a foot into this server has the keys to whatever else the account holds.',
};

/** What CDK's own grants on a bucket and a key write; they can't be had without. */
const ofCdkGrants = new Set([
  's3:GetObject*',
  's3:GetBucket*',
  's3:List*',
  's3:DeleteObject*',
  's3:Abort*',
  'kms:GenerateDataKey*',
  'kms:ReEncrypt*',
]);

function judgeStatement({ where, actions, resources, inverted, principal, conditional }: Statement): void {
  if (inverted) fail(`${where} allows all but what it names (NotAction, NotResource)`, tooWide);
  if (principal !== undefined && isAnybody(principal) && !conditional) {
    fail(`${where} lets in every account (Principal *)`, tooWide);
  }
  const action = actions.find((name) => /[*?]/.test(name) && !ofCdkGrants.has(name));
  // A key's policy gives the key to its own account in these words: without them nobody could manage it.
  const ownKey = action === 'kms:*' && isRoot(principal);
  if (action !== undefined && !ownKey) fail(`${where} allows the action ${action}`, tooWide);
  // In the policy of a resource, `*` is that resource.
  const resource = principal === undefined ? resources.find(isEveryOne) : undefined;
  if (resource !== undefined) fail(`${where} allows ${actions.join(', ')} on ${resource}`, tooWide);
}

function isAnybody(principal: unknown): boolean {
  const named = isValues(principal) ? Object.values(principal).flatMap(listOf) : [principal];
  return named.includes('*');
}

function isRoot(principal: unknown): boolean {
  return isValues(principal) && listOf(principal['AWS']).every((name) => textOf(name).endsWith(':root'));
}

/** Is it everything, or everything of a kind? A `*` behind at least three characters of a name is neither. */
function isEveryOne(resource: string): boolean {
  if (!/[*?]/.test(resource)) return false;
  const [, , service, , , ...rest] = resource.split(':');
  const path = rest.join(':');
  const name = service === 's3' ? path : path.replace(/^[a-z-]+[:/]/, '');
  return !/^[^*?]{3}/.test(name);
}

/** AWS's own policies that a web server of this workshop may have. The rest of them allow far more. */
const managed = new Set(['AmazonSSMManagedInstanceCore', 'CloudWatchAgentServerPolicy']);

function judgeManaged(subject: Subject): void {
  for (const { id, properties } of resourcesOf(
    subject,
    'AWS::IAM::Role',
    'AWS::IAM::User',
    'AWS::IAM::Group',
  )) {
    const usedByService = !textOf(properties['AssumeRolePolicyDocument']).includes('ec2.');
    for (const arn of listOf(properties['ManagedPolicyArns']).map(textOf)) {
      const name = /^arn:aws[^:]*:iam::aws:policy\/(.*)$/.exec(arn)?.[1];
      if (name === undefined || managed.has(name)) continue;
      // Lambda, RDS and others come with a policy made for them.
      if (usedByService && name.startsWith('service-role/')) continue;
      fail(`${id} has the managed policy ${name}`, tooWide);
    }
  }
}
