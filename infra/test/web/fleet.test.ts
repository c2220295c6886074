import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Template } from 'aws-cdk-lib/assertions';
import { Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import type { WebFleet } from '../../lib/web/web-fleet.ts';
import { scriptIn, siteOf, useStandInBundle } from './site.ts';

const bundle = useStandInBundle();
const CERTIFICATE = 'arn:aws:acm:eu-west-1:111122223333:certificate/0d2c1e90-0000-4000-8000-000000000000';

const PRIVATE = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};

const fleetOf = (context: Record<string, string> = {}) =>
  siteOf(bundle.folder, { profile: 'production', ...context });

/** The rules that let somebody in from a range of addresses. */
const openings = (template: Template): string[] =>
  Object.values(template.findResources('AWS::EC2::SecurityGroup')).flatMap(({ Properties }) =>
    ((Properties.SecurityGroupIngress ?? []) as Record<string, unknown>[]).map(
      ({ CidrIp, FromPort, ToPort }) => [FromPort, ToPort, CidrIp].join(' '),
    ),
  );

test('machines are encrypted, by IMDSv2, and let in the load balancer only', () => {
  const { template } = fleetOf();
  template.resourceCountIs('AWS::EC2::LaunchTemplate', 1);
  template.hasResourceProperties('AWS::EC2::LaunchTemplate', {
    LaunchTemplateData: {
      KeyName: Match.absent(),
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, VolumeType: 'gp3' } }],
      NetworkInterfaces: [{ AssociatePublicIpAddress: true, Groups: [Match.anyValue()] }],
      Monitoring: { Enabled: true },
    },
  });
  expect(openings(template)).toEqual([]);
  template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    FromPort: 8008,
    ToPort: 8008,
    SourceSecurityGroupId: Match.objectLike({
      'Fn::GetAtt': [Match.stringLikeRegexp('Balancer'), 'GroupId'],
    }),
  });
  template.resourcePropertiesCountIs('AWS::EC2::SecurityGroupIngress', { FromPort: 8008 }, 1);
  const script = scriptIn(template);
  for (const line of ["HOST='0.0.0.0'", "TRUST_PROXY='1'", "ON_FAILURE='power-off'"])
    expect(script).toContain(`\nreadonly ${line}\n`);
});

test('a load balancer without visitors is internal, with some it is public for them', () => {
  fleetOf().template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
    Scheme: 'internal',
  });
  const { template } = fleetOf({ visitors: '203.0.113.0/24' });
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internet-facing' });
  expect(openings(template)).toEqual(['80 80 203.0.113.0/24']);
});

test('with a certificate everything goes by HTTPS', () => {
  const { template, web } = fleetOf({ visitors: '203.0.113.0/24', 'web.certificateArn': CERTIFICATE });
  template.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 2);
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
    Port: 443,
    Protocol: 'HTTPS',
    Certificates: [{ CertificateArn: CERTIFICATE }],
    SslPolicy: Match.stringLikeRegexp('^ELBSecurityPolicy-TLS13-1-2'),
    DefaultActions: [Match.objectLike({ Type: 'forward' })],
  });
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
    Port: 80,
    DefaultActions: [
      { Type: 'redirect', RedirectConfig: Match.objectLike({ Protocol: 'HTTPS', Port: '443' }) },
    ],
  });
  expect(openings(template)).toEqual(['80 80 203.0.113.0/24', '443 443 203.0.113.0/24']);
  expect(web.url).toMatch(/^https:/);
});

test('the load balancer asks whether a machine is ready, drops what is malformed, and writes down who asked', () => {
  const { template } = fleetOf();
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
    Port: 8008,
    HealthCheckPath: '/readyz',
    Matcher: { HttpCode: '200' },
  });
  const { Properties } =
    Object.values(template.findResources('AWS::ElasticLoadBalancingV2::LoadBalancer'))[0] ?? {};
  const attributes = Properties.LoadBalancerAttributes as { Key: string; Value: unknown }[];
  expect(Object.fromEntries(attributes.map(({ Key, Value }) => [Key, Value]))).toMatchObject({
    'routing.http.drop_invalid_header_fields.enabled': 'true',
    'routing.http.desync_mitigation_mode': 'strictest',
    'access_logs.s3.enabled': 'true',
    'access_logs.s3.bucket': { Ref: expect.stringContaining('AccessLogs') },
  });
});

test('the bucket of access logs is private, and only Elastic Load Balancing writes to it', () => {
  const { template } = fleetOf();
  template.resourceCountIs('AWS::S3::Bucket', 2);
  template.allResources('AWS::S3::Bucket', {
    DeletionPolicy: 'Retain',
    Properties: { PublicAccessBlockConfiguration: PRIVATE, BucketEncryption: Match.anyValue() },
  });
  // One takes down who looked into the other.
  template.resourcePropertiesCountIs('AWS::S3::Bucket', { LoggingConfiguration: Match.anyValue() }, 1);
  template.hasResourceProperties('AWS::S3::Bucket', {
    LoggingConfiguration: Match.anyValue(),
    // The only encryption that load balancers can write with.
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
    LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 30, Status: 'Enabled' })] },
  });
  template.hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: [
        Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        Match.objectLike({
          Effect: 'Allow',
          Action: 's3:PutObject',
          Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
        }),
      ],
    },
  });
  const { template: shortLived } = fleetOf({ 'database.keepData': 'false' });
  shortLived.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
});

test('there are as many machines as was said, and new ones come one by one, each once it has said that it serves', () => {
  const { template } = fleetOf({ 'web.least': '3', 'web.most': '3' });
  template.hasResource('AWS::AutoScaling::AutoScalingGroup', {
    Properties: { MinSize: '3', MaxSize: '3', DesiredCapacity: Match.absent(), HealthCheckType: 'EC2' },
    CreationPolicy: { ResourceSignal: { Count: 3, Timeout: 'PT15M' } },
    UpdatePolicy: {
      AutoScalingRollingUpdate: Match.objectLike({
        MaxBatchSize: 1,
        MinInstancesInService: 2,
        WaitOnResourceSignals: true,
        PauseTime: 'PT15M',
      }),
    },
  });
  const [id] = Object.keys(template.findResources('AWS::AutoScaling::AutoScalingGroup'));
  expect(scriptIn(template)).toContain(`\nreadonly RESOURCE='${id}'\n`);
  template.hasResourceProperties('AWS::AutoScaling::ScalingPolicy', {
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingConfiguration: { TargetValue: 60 },
  });
});

test('may do no more than one machine by itself, but signal for its group', () => {
  const { template } = fleetOf();
  const policies = JSON.stringify(
    ['AWS::IAM::Role', 'AWS::IAM::Policy'].flatMap((type) =>
      Object.entries(template.findResources(type)).filter(([id]) => id.startsWith('Web')),
    ),
  );
  const actions = [...policies.matchAll(/"Action":("[^"]+"|\[.*?\])/g)].map(([, action]) => action);
  expect(new Set(actions)).toEqual(
    new Set([
      '"cloudformation:DescribeStacks"',
      '"cloudformation:SignalResource"',
      '"s3:GetObject"',
      '"secretsmanager:GetSecretValue"',
      '"sts:AssumeRole"',
    ]),
  );
  expect(policies).not.toContain('*');
});

test('tells a topic of machines that come and go', () => {
  const { template } = siteOf(bundle.folder, { profile: 'production' }, (stack, web) => {
    (web as WebFleet).notify(new Topic(stack, 'Topic'));
  });
  template.hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', {
    NotificationConfigurations: [
      {
        TopicARN: { Ref: Match.stringLikeRegexp('^Topic') },
        NotificationTypes: [
          'autoscaling:EC2_INSTANCE_LAUNCH',
          'autoscaling:EC2_INSTANCE_TERMINATE',
          'autoscaling:EC2_INSTANCE_LAUNCH_ERROR',
          'autoscaling:EC2_INSTANCE_TERMINATE_ERROR',
        ],
      },
    ],
  });
});
