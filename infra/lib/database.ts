import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { DatabaseConfig } from './config/config.ts';
import { expectNone } from './config/errors.ts';
import { machineOf } from './config/machine-types.ts';
import { databaseProblems } from './config/together.ts';
import { Login } from './login.ts';
import type { Network } from './network.ts';

export interface DatabaseProps extends DatabaseConfig {
  readonly network: Network;
}

/** Not MySQL's own port: what knocks at 3306 wherever it can finds nothing here (cdk-nag's AwsSolutions-RDS11). */
const PORT = 3307;
const USER = 'workshop';
const DATABASE_NAME = 'workshop';
const GIB = 1024 ** 3;

const ENGINE = rds.DatabaseInstanceEngine.mysql({ version: rds.MysqlEngineVersion.VER_8_4_10 });
const PARAMETERS = {
  // Without it MySQL offers TLS, and takes a client that does not ask for it.
  require_secure_transport: '1',
  // The loader streams its rows by LOAD DATA LOCAL.
  local_infile: '1',
  slow_query_log: '1',
  long_query_time: '1',
  log_output: 'FILE',
};

/** RDS for MySQL 8.4: encrypted at rest and on the way, in subnets that no route leads out of. Throws `InfraConfigError`. */
export class Database extends Construct implements ec2.IConnectable {
  readonly instance: rds.DatabaseInstance;
  readonly replica?: rds.DatabaseInstanceReadReplica;
  /** JSON with `username` and `password`. Where RDS rotates the password, the secret is RDS's own; else it is the stack's. */
  readonly secret: ISecret;
  readonly endpointAddress: string;
  /** `address:port`, both as CloudFormation knows them. */
  readonly endpoint: string;
  readonly port = PORT;
  readonly connections: ec2.Connections;
  readonly vCpus: number;
  readonly memoryBytes: number;
  readonly storageGiB: number;
  readonly isBurstable: boolean;
  readonly multiAz: boolean;
  /** Whether it is protected against deletion. */
  readonly keepsData: boolean;
  /** Whether RDS measures the load on the database, in the metric `DBLoad`. It does not on the smallest classes. */
  readonly hasInsights: boolean;

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    const machine = machineOf('database', 'database.instanceType', props.instanceType);
    expectNone(databaseProblems(props));
    this.vCpus = machine.vCpus;
    this.memoryBytes = machine.memoryGiB * GIB;
    this.isBurstable = machine.isBurstable;
    this.storageGiB = props.storageGiB;
    this.multiAz = props.multiAz;
    this.keepsData = props.keepData;
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.Engines.html: not on micro and small.
    this.hasInsights = machine.memoryGiB >= 4;

    const { vpc, stores } = props.network;
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'The database: who may connect is said by those who do',
      allowAllOutbound: false,
    });
    this.connections = new ec2.Connections({
      securityGroups: [securityGroup],
      defaultPort: ec2.Port.tcp(PORT),
    });
    const common = {
      instanceType: new ec2.InstanceType(props.instanceType),
      vpc,
      vpcSubnets: stores,
      publiclyAccessible: false,
      securityGroups: [securityGroup],
      port: PORT,
      storageType: rds.StorageType.GP3,
      storageEncrypted: true,
      enablePerformanceInsights: this.hasInsights,
      deletionProtection: props.keepData,
      deleteAutomatedBackups: !props.keepData,
      parameterGroup: new rds.ParameterGroup(this, 'Parameters', { engine: ENGINE, parameters: PARAMETERS }),
    } satisfies Partial<rds.DatabaseInstanceProps>;
    const password = passwordIn(this, props);
    this.instance = new rds.DatabaseInstance(this, 'Instance', {
      ...common,
      engine: ENGINE,
      // No bill for extended support once MySQL 8.4 is past its own.
      engineLifecycleSupport: rds.EngineLifecycleSupport.OPEN_SOURCE_RDS_EXTENDED_SUPPORT_DISABLED,
      allocatedStorage: props.storageGiB,
      multiAz: props.multiAz,
      backupRetention: Duration.days(props.backupDays),
      databaseName: DATABASE_NAME,
      ...password.given,
      removalPolicy: props.keepData ? RemovalPolicy.SNAPSHOT : RemovalPolicy.DESTROY,
    });
    if (props.readReplica) {
      this.replica = new rds.DatabaseInstanceReadReplica(this, 'Replica', {
        ...common,
        sourceDatabaseInstance: this.instance,
        removalPolicy: RemovalPolicy.DESTROY,
      });
      // CDK leaves it to be taken from the source; said here as well, whoever reads the template knows what it is.
      (this.replica.node.defaultChild as rds.CfnDBInstance).engine = ENGINE.engineType;
    }
    const secret = password.secret ?? this.instance.secret;
    if (secret === undefined) throw new Error('CDK knows of no secret for the database');
    this.secret = secret;
    this.endpointAddress = this.instance.dbInstanceEndpointAddress;
    this.endpoint = `${this.endpointAddress}:${this.instance.dbInstanceEndpointPort}`;
  }
}

interface Password {
  readonly given: Partial<rds.DatabaseInstanceProps>;
  /** Unless RDS has its own. */
  readonly secret?: ISecret;
}

/**
 * With rotation, RDS makes the password, keeps it in a secret of its own and renews it. Secrets Manager's own rotation would bring an application of
 * the Serverless Application Repository into the template, a Lambda function, and an endpoint in the VPC for it.
 */
function passwordIn(scope: Construct, { rotation }: DatabaseConfig): Password {
  if (rotation) {
    return { given: { manageMasterUserPassword: true, credentials: rds.Credentials.fromUsername(USER) } };
  }
  const { secret, password } = new Login(scope, 'Login', {
    user: USER,
    description: 'The user of the database',
  });
  return { given: { credentials: rds.Credentials.fromPassword(USER, password) }, secret };
}
