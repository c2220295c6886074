import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Template } from 'aws-cdk-lib/assertions';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { scriptIn, siteOf, useStandInBundle } from './site.ts';

const bundle = useStandInBundle();

/** All rules of one direction that stand in the template, within groups or by themselves, each with whom it is about. */
function rulesIn(template: Template, direction: 'Ingress' | 'Egress'): string[] {
  const within = Object.values(template.findResources('AWS::EC2::SecurityGroup')).flatMap(
    ({ Properties }) => (Properties[`SecurityGroup${direction}`] ?? []) as Record<string, unknown>[],
  );
  const apart = Object.values(template.findResources(`AWS::EC2::SecurityGroup${direction}`)).map(
    ({ Properties }) => Properties,
  );
  return [...within, ...apart]
    .map(
      ({ Description, CidrIp, IpProtocol, FromPort, ToPort }) =>
        `${IpProtocol} ${FromPort}-${ToPort} ${CidrIp ?? 'a group'}: ${Description}`,
    )
    .filter((rule) => !rule.includes('255.255.255.255/32'))
    .toSorted();
}

describe('one machine', () => {
  test('is on arm64, encrypted, by IMDSv2, without a key, in a public subnet for its own way out', () => {
    const { template } = siteOf(bundle.folder);
    template.resourceCountIs('AWS::EC2::Instance', 1);
    template.hasResourceProperties('AWS::EC2::Instance', {
      InstanceType: 't4g.micro',
      KeyName: Match.absent(),
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      BlockDeviceMappings: [
        {
          DeviceName: '/dev/xvda',
          Ebs: { Encrypted: true, VolumeType: 'gp3', VolumeSize: 8, DeleteOnTermination: true },
        },
      ],
      NetworkInterfaces: [Match.objectLike({ AssociatePublicIpAddress: true })],
      PropagateTagsToVolumeOnCreation: true,
      Monitoring: true,
    });
    template.hasParameter('*', {
      Default: Match.stringLikeRegexp('^/aws/service/ami-amazon-linux-latest/al2023-.*-arm64$'),
    });
  });

  test('lets nobody in by default, and goes out to the stores and HTTPS only', () => {
    const { template } = siteOf(bundle.folder);
    expect(rulesIn(template, 'Ingress')).toEqual([
      'tcp 3307-3307 a group: MySQL, from the web servers',
      'tcp 6380-6380 a group: The cache, from the web servers',
    ]);
    expect(rulesIn(template, 'Egress')).toEqual([
      'tcp 3307-3307 a group: MySQL, from the web servers',
      'tcp 443-443 0.0.0.0/0: HTTPS, for the services of AWS and for packages',
      'tcp 6380-6380 a group: The cache, from the web servers',
    ]);
    expect(scriptIn(template)).toContain("\nreadonly HOST='127.0.0.1'\n");
  });

  test('goes out to both ports of a serverless cache', () => {
    const { template } = siteOf(bundle.folder, { profile: 'serverless' });
    expect(rulesIn(template, 'Egress')).toContain('tcp 6379-6380 a group: The cache, from the web servers');
  });

  test.each<{ context: Record<string, string>; rule: string }>([
    {
      context: { visitors: '203.0.113.7/32' },
      rule: 'tcp 8008-8008 203.0.113.7/32: The site, for its visitors',
    },
    {
      context: { visitors: '0.0.0.0/0', everyone: 'true' },
      rule: 'tcp 8008-8008 0.0.0.0/0: The site, for everyone, as access.everyone says',
    },
  ])('lets in $context.visitors where they are named', ({ context, rule }) => {
    const { template } = siteOf(bundle.folder, context);
    expect(rulesIn(template, 'Ingress').filter((each) => !each.includes('a group'))).toEqual([rule]);
    expect(scriptIn(template)).toContain("\nreadonly HOST='0.0.0.0'\n");
  });

  test('may read two secrets, this stack and its own program, and be reached by Session Manager', () => {
    const { template } = siteOf(bundle.folder);
    template.resourceCountIs('AWS::IAM::Role', 2);
    template.resourceCountIs('AWS::IAM::Policy', 1);
    const [role] = Object.values(
      template.findResources('AWS::IAM::Role', {
        Properties: { Description: 'A web server of the caching workshop' },
      }),
    );
    expect(role?.['Properties'].ManagedPolicyArns).toHaveLength(1);
    expect(JSON.stringify(role?.['Properties'].ManagedPolicyArns)).toContain(
      ':iam::aws:policy/AmazonSSMManagedInstanceCore"',
    );
    const statements = role?.['Properties'].Policies.flatMap(
      ({ PolicyDocument }: { PolicyDocument: { Statement: object[] } }) => PolicyDocument.Statement,
    ) as { Action: unknown; Resource: unknown }[];
    expect(statements.map(({ Action }) => Action)).toEqual([
      'secretsmanager:GetSecretValue',
      'cloudformation:DescribeStacks',
      's3:GetObject',
    ]);
    expect(statements[0]?.Resource).toHaveLength(2);
    expect(statements[1]?.Resource).toEqual({ Ref: 'AWS::StackId' });
    expect(JSON.stringify(statements)).not.toContain('*');
  });

  test('has to say within a quarter of an hour that it serves', () => {
    const { template } = siteOf(bundle.folder);
    template.hasResource('AWS::EC2::Instance', {
      CreationPolicy: { ResourceSignal: { Count: 1, Timeout: 'PT15M' } },
    });
    // By the name that it has in the end.
    const [id] = Object.keys(template.findResources('AWS::EC2::Instance'));
    expect(scriptIn(template)).toMatch(/\nreadonly RESOURCE='Web\w+'\n/);
    expect(id).toMatch(/^WebMachine\w{24}$/);
    expect(scriptIn(template)).toContain(`\nreadonly RESOURCE='${id}'\n`);
  });

  test('is replaced by another when the bundle is another, and not when it is the same', () => {
    const idOf = () => Object.keys(siteOf(bundle.folder).template.findResources('AWS::EC2::Instance'));
    const before = idOf();
    expect(idOf()).toEqual(before);
    writeFileSync(path.join(bundle.folder, 'SHA256SUMS'), 'another sum  main.js\n');
    expect(idOf()).not.toEqual(before);
  });

  test('is told where the stores are, and no password', () => {
    const script = scriptIn(siteOf(bundle.folder).template);
    expect(script).toMatch(
      /^readonly OUTPUTS='\{"Empty":\{"secretname":"<[^"]*>","mysqlendpoint":"<[^"]*>:<[^"]*>","redisendpoint":"<[^"]*>:<[^"]*>","redissecretname":"<[^"]*>","redismode":"node"\}\}'$/m,
    );
    expect(script).not.toContain('resolve:secretsmanager');
  });

  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html. What is filled in is at most some hundred characters longer.
  test('has user data of less than 16 KB', () => {
    expect(Buffer.byteLength(scriptIn(siteOf(bundle.folder).template))).toBeLessThan(14_000);
  });

  test('says what to do where there is no bundle', () => {
    expect(() => siteOf('/nowhere')).toThrow(
      'There is no bundle of the demo in /nowhere. Build it: npx pnpm --filter @workshop/web build',
    );
  });

  test('has an address', () => {
    const { web } = siteOf(bundle.folder);
    expect(web.url).toMatch(/^http:\/\/.+:8008$/);
    expect(web.publicIp).toBeDefined();
    expect(web.instance).toBeDefined();
  });
});
