import { fail } from '@workshop/lab-kit';
import { resourcesOf } from '../template/stack-model.ts';
import { isValues, textOf } from '../template/template.ts';
import { stackCheck, type StackCheck, type Subject } from './lab-check.ts';
import { databasesOf } from './parts.ts';
import { secretOf } from './secret-of.ts';

/** Properties whose value is the secret itself. */
const secretProperty = /(?:password|passwords|authtoken|secretstring|secretkey|accesskey)$/i;
/** A value that stands for one: looked up when the stack is deployed. */
const lookedUp = /^\{\{resolve:(?:secretsmanager|ssm-secure):/;
/** A parameter without a default, or the stars that CloudFormation shows for it. */
const hidden = /^\**$/;
/** Something in a text that is or becomes a secret: a dynamic reference, a URL with a password, an assignment of one. */
const inText =
  /\{\{resolve:(?:secretsmanager|ssm-secure):[^}]*\}\}|\.SecretAccessKey\b|:\/\/[^\s:/@]+:[^\s:/@${}]+@|(?:password|passwd|_pwd|auth_token|rediscli_auth)(?:['"]?\s*=\s*['"]?|"\s*:\s*")[^\s'"$`{}<]+/i;

const inTemplate = {
  mistake: 'secret-in-template',
  leadsTo:
    'It stands in git, in cdk.out, in the bucket of the assets and in CloudFormation, for everybody who may look there, and in their backups.',
};

export const secrets: StackCheck = stackCheck({
  id: 'secrets',
  title: 'The password is made by Secrets Manager and stands nowhere else',
  expected:
    "the database's password from a generated secret of this stack; no secret in the template or in an output",
  hint: 'The starter has it right. Who may read the template, the user data or the outputs of a stack?',
  hints: [
    'Search `npx cdk synth` for your password. Who can read what you found it in?',
    '`Credentials.fromGeneratedSecret(user)` has Secrets Manager make one up. The server asks for it when it starts, by its role.',
    { file: 'workshop-stack.ts', from: 'credentials:', to: 'credentials:' },
  ],
  judge(subject) {
    for (const { id, type, properties } of subject.resources) search(`${type} ${id}`, properties);
    for (const [name, value] of Object.entries(subject.outputs)) {
      if (inText.test(value)) fail(`the output ${name} holds a secret`, inTemplate);
    }
    for (const database of databasesOf(subject)) {
      if (database.properties['SourceDBInstanceIdentifier']) continue;
      if (secretOf(subject, database)) continue;
      const none = database.properties['MasterUserPassword'] === undefined;
      fail(
        `the database's password comes ${none ? 'from nowhere' : 'from outside the stack'}, expected a generated secret of it`,
        {
          mistake: 'no-generated-secret',
          leadsTo:
            'Somebody thinks a password up, and keeps it somewhere; the web server cannot be given it by name.',
        },
      );
    }
    checkGenerated(subject);
    return 'a generated secret; none in the template';
  },
});

function checkGenerated(subject: Subject): void {
  for (const { id, properties } of resourcesOf(subject, 'AWS::SecretsManager::Secret')) {
    const generate = properties['GenerateSecretString'];
    if (!isValues(generate)) continue;
    const template = textOf(generate['SecretStringTemplate']);
    if (/"[^"]*(?:password|token)[^"]*"\s*:\s*"[^"]/i.test(template)) {
      fail(`the SecretStringTemplate of ${id} holds a password`, inTemplate);
    }
  }
}

/** Fails at a secret that is written out, however deep in a resource it stands. */
function search(where: string, value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) search(where, item);
  } else if (isValues(value)) {
    for (const [name, item] of Object.entries(value)) {
      const literals = (Array.isArray(item) ? item : [item]).filter((part) => typeof part === 'string');
      if (secretProperty.test(name) && literals.some((text) => !lookedUp.test(text) && !hidden.test(text))) {
        fail(`${name} of ${where} is written out in the template`, inTemplate);
      }
      if (name === 'UserData' && inText.test(textOf(item))) {
        fail(`the user data of ${where} holds a secret`, inTemplate);
      }
      search(where, item);
    }
  }
}
