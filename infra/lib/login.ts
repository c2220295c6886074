import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { RemovalPolicy, type SecretValue } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export interface LoginProps {
  readonly user: string;
  /** Whose it is, for the list of secrets. */
  readonly description: string;
}

/** A user and a password that Secrets Manager makes up. The template only says where it is. */
export class Login extends Construct {
  /** JSON with `username` and `password`. */
  readonly secret: Secret;
  /** A reference, which CloudFormation follows as it makes what the password is for. */
  readonly password: SecretValue;

  constructor(scope: Construct, id: string, { user, description }: LoginProps) {
    super(scope, id);
    this.secret = new Secret(this, 'Secret', {
      description,
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ username: user }),
        generateStringKey: 'password',
        // MySQL takes up to 41 characters, ElastiCache 16 to 128. Letters and digits need no escaping anywhere.
        passwordLength: 40,
        excludePunctuation: true,
      },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.password = this.secret.secretValueFromJson('password');
  }
}
