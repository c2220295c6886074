import { resourcesOf, type Resource, type StackModel } from '../template/stack-model.ts';
import { isTrue, textOf } from '../template/template.ts';

/** Where a database's password is kept. */
export interface KeptSecret {
  readonly arn: string;
  /** The name within the ARN. */
  readonly name: string;
}

/** The secret of this stack that a database takes its password from; undefined when it takes it from elsewhere. */
export function secretOf(model: StackModel, database: Resource): KeptSecret | undefined {
  const { ManageMasterUserPassword, MasterUserPassword } = database.properties;
  if (isTrue(ManageMasterUserPassword)) {
    const arn = database.attribute('MasterUserSecret.SecretArn');
    return { arn, name: nameIn(arn) };
  }
  const password = textOf(MasterUserPassword);
  const secret = resourcesOf(model, 'AWS::SecretsManager::Secret').find(
    ({ ref }) =>
      password.startsWith(`{{resolve:secretsmanager:${ref}:`) ||
      password.startsWith(`{{resolve:secretsmanager:${nameIn(ref)}:`),
  );
  return secret && { arn: secret.ref, name: nameIn(secret.ref) };
}

/** Secrets Manager puts six characters of its own behind a name. */
function nameIn(arn: string): string {
  return (arn.split(':')[6] ?? '').replace(/-[^-]{6}$/, '');
}
