import { CfnUser, CfnUserGroup } from 'aws-cdk-lib/aws-elasticache';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { CacheConfig } from '../config/config.ts';
import { Login } from '../login.ts';
import { lowerName } from '../names.ts';

const USER = 'workshop';

/**
 * What the demo's user may do: read and write any key, run scripts, be told of changed keys, and ask for what the dashboard and a cluster's client need to
 * know. Not what empties, stops or reconfigures the cache. https://valkey.io/topics/acl/
 */
export const ACCESS =
  'on ~* &* -@all +@read +@write +@connection +@pubsub +@transaction -@dangerous ' +
  '+eval +evalsha +script|load +info +cluster|slots +cluster|shards +cluster|nodes +cluster|info';

/** The cache's users (RBAC): the demo's, with a password that Secrets Manager makes up, and the one without a name, who is shut out. */
export class CacheUsers extends Construct {
  /** JSON with `username` and `password`. */
  readonly secret: Secret;
  readonly group: CfnUserGroup;

  constructor(scope: Construct, id: string, { engine }: Pick<CacheConfig, 'engine'>) {
    super(scope, id);
    const login = new Login(this, 'Login', { user: USER, description: 'The user of the cache' });
    this.secret = login.secret;
    const passwords = [login.password.unsafeUnwrap()];
    const user = (userName: string, accessString: string) =>
      new CfnUser(this, userName, {
        engine,
        userId: lowerName(this, userName),
        userName,
        accessString,
        authenticationMode: { Type: 'password', Passwords: passwords },
      });
    // Redis OSS lets in whoever gives no name as the user `default`, and ElastiCache wants one in each group of users.
    const users = [user('default', 'off -@all'), user(USER, ACCESS)];
    this.group = new CfnUserGroup(this, 'Group', {
      engine,
      userGroupId: lowerName(this, 'users'),
      userIds: users.map(({ ref }) => ref),
    });
  }
}
