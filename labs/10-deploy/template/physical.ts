import { textOf, type Values } from './template.ts';

/** Where a stack is deployed, and as what: CloudFormation's pseudo parameters. */
export type Place = Readonly<Record<`AWS::${string}`, string>>;

/** @param stackId its ARN, which holds the rest */
export function placeOf(stackId: string): Place {
  const [, partition = '', , region = '', account = '', ...path] = stackId.split(':');
  return {
    'AWS::AccountId': account,
    'AWS::Partition': partition,
    'AWS::Region': region,
    'AWS::StackId': stackId,
    'AWS::StackName': path.join(':').split('/')[1] ?? '',
    'AWS::URLSuffix': 'amazonaws.com',
  };
}

type Arn = (service: string, rest: string) => string;

/** What a made-up resource is called, and what can be asked of it. */
export interface Physical {
  ref: string;
  attributes: Record<string, string>;
  /** These attributes are all there are: CloudFormation refuses any other. */
  closed?: true;
}

type Maker = (id: string, properties: Values, arn: Arn) => Physical;

const named = (value: unknown, fallback: string) => (typeof value === 'string' && value ? value : fallback);

const makers: Record<string, Maker> = {
  'AWS::EC2::SecurityGroup': (id) => ({
    ref: `sg-${id}`,
    attributes: { GroupId: `sg-${id}`, Id: `sg-${id}`, VpcId: `vpc-of-${id}` },
    closed: true,
  }),
  'AWS::EC2::VPC': (id, { CidrBlock }) => ({
    ref: `vpc-${id}`,
    attributes: {
      CidrBlock: textOf(CidrBlock),
      VpcId: `vpc-${id}`,
      DefaultSecurityGroup: `sg-default-of-${id}`,
    },
  }),
  'AWS::SecretsManager::Secret': (id, { Name }, arn) => {
    const secret = arn('secretsmanager', `secret:${named(Name, `${id}-rAnD0mChars1`)}-AbCdEf`);
    return { ref: secret, attributes: { Id: secret } };
  },
  'AWS::SecretsManager::SecretTargetAttachment': (_id, { SecretId }) => ({
    ref: textOf(SecretId),
    attributes: { Id: textOf(SecretId) },
  }),
  'AWS::RDS::DBInstance': (id, { DBInstanceIdentifier, Port }, arn) => {
    // RDS keeps identifiers in lower case.
    const ref = named(DBInstanceIdentifier, id).toLowerCase();
    return {
      ref,
      attributes: {
        'Endpoint.Address': `${ref}.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com`,
        'Endpoint.Port': named(textOf(Port), '3306'),
        'Endpoint.HostedZoneId': 'Z29XKXDKYMONMX',
        'MasterUserSecret.SecretArn': arn('secretsmanager', `secret:rds!db-${ref}-AbCdEf`),
        DBInstanceArn: arn('rds', `db:${ref}`),
        DbiResourceId: `db-${id.toUpperCase()}`,
      },
    };
  },
  'AWS::ElastiCache::ReplicationGroup': (id, { ReplicationGroupId, Port }) => {
    const ref = named(ReplicationGroupId, id).toLowerCase();
    const port = named(textOf(Port), '6379');
    const host = `${ref}.a1b2c3.euw1.cache.amazonaws.com`;
    return {
      ref,
      attributes: {
        'PrimaryEndPoint.Address': `master.${host}`,
        'PrimaryEndPoint.Port': port,
        'ReaderEndPoint.Address': `replica.${host}`,
        'ReaderEndPoint.Port': port,
        'ConfigurationEndPoint.Address': `clustercfg.${host}`,
        'ConfigurationEndPoint.Port': port,
        'ReadEndPoint.Addresses': `[${ref}-001.${host}]`,
        'ReadEndPoint.Ports': `[${port}]`,
        'ReadEndPoint.Addresses.List': `${ref}-001.${host}`,
        'ReadEndPoint.Ports.List': port,
      },
      closed: true,
    };
  },
  'AWS::ElastiCache::ServerlessCache': (id, { ServerlessCacheName }, arn) => {
    const ref = named(ServerlessCacheName, id).toLowerCase();
    const host = `${ref}-a1b2c3.serverless.euw1.cache.amazonaws.com`;
    return {
      ref,
      attributes: {
        ARN: arn('elasticache', `serverlesscache:${ref}`),
        CreateTime: '2026-01-05T09:30:00Z',
        'Endpoint.Address': host,
        'Endpoint.Port': '6379',
        FullEngineVersion: '8.0',
        'ReaderEndpoint.Address': host,
        'ReaderEndpoint.Port': '6380',
        Status: 'available',
      },
      closed: true,
    };
  },
  'AWS::EC2::Instance': (id) => ({
    ref: `i-${id}`,
    attributes: {
      InstanceId: `i-${id}`,
      PublicIp: `203.0.113.80 (${id})`,
      PublicDnsName: `ec2-203-0-113-80.${id}.amazonaws.com`,
      PrivateIp: `10.0.0.80 (${id})`,
      PrivateDnsName: `ip-10-0-0-80.${id}.internal`,
    },
  }),
  'AWS::EC2::EIP': (id) => ({
    ref: `203.0.113.90 (${id})`,
    attributes: { PublicIp: `203.0.113.90 (${id})`, AllocationId: `eipalloc-${id}` },
    closed: true,
  }),
  'AWS::SNS::Topic': (id, { TopicName }, arn) => {
    const topic = arn('sns', named(TopicName, id));
    return { ref: topic, attributes: { TopicArn: topic, TopicName: named(TopicName, id) }, closed: true };
  },
  'AWS::IAM::ManagedPolicy': (id, { ManagedPolicyName }, arn) => {
    const policy = arn('iam', `policy/${named(ManagedPolicyName, id)}`);
    return { ref: policy, attributes: { PolicyArn: policy } };
  },
};

/** The property by which a resource of any other type can be given its name, which `Ref` then returns. */
const nameProperties = [
  'RoleName',
  'InstanceProfileName',
  'DBSubnetGroupName',
  'CacheSubnetGroupName',
  'DBParameterGroupName',
  'LaunchTemplateName',
  'ParameterGroupName',
];

/** @param properties evaluated already */
export function physicalOf(place: Place, type: string, id: string, properties: Values): Physical {
  const arn: Arn = (service, rest) => {
    // IAM is the same everywhere.
    const region = service === 'iam' ? '' : place['AWS::Region'];
    return `arn:${place['AWS::Partition']}:${service}:${region}:${place['AWS::AccountId']}:${rest}`;
  };
  const make = makers[type];
  if (make) return make(id, properties, arn);
  const given = nameProperties.map((name) => properties[name]).find((name) => typeof name === 'string');
  return { ref: named(given, id), attributes: { Arn: arn('made-up', `${type}/${id}`) } };
}

/** What `Fn::GetAtt` returns; undefined where CloudFormation would refuse the template. */
export function attributeOf({ attributes, closed }: Physical, id: string, name: string): string | undefined {
  return attributes[name] ?? (closed ? undefined : `${id}.${name}`);
}
