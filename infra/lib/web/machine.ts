import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { EVERYONE } from '../config/cidr.ts';
import { SITE_PORT } from './web-tier.ts';
import type { WebTierProps } from './web-tier.ts';

/** What every machine of the web tier is: Amazon Linux 2023 on arm64, the newest image when the stack is deployed, its volume encrypted. */
export const MACHINE = {
  machineImage: ec2.MachineImage.latestAmazonLinux2023({ cpuType: ec2.AmazonLinuxCpuType.ARM_64 }),
  blockDevices: [
    {
      deviceName: '/dev/xvda',
      volume: ec2.BlockDeviceVolume.ebs(8, {
        encrypted: true,
        volumeType: ec2.EbsDeviceVolumeType.GP3,
        deleteOnTermination: true,
      }),
    },
  ],
} as const satisfies Partial<ec2.InstanceProps>;

/**
 * The machines' security group. It lets nobody in, and them out to the two stores and to HTTPS: Amazon's services and packages are wherever Amazon has them.
 * Names and the time come from link-local addresses, for which there are no rules
 * (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html).
 */
export function machineGroup(
  scope: Construct,
  { network, database, cache }: WebTierProps,
): ec2.SecurityGroup {
  const group = new ec2.SecurityGroup(scope, 'MachineGroup', {
    vpc: network.vpc,
    description: 'The web servers',
    allowAllOutbound: false,
  });
  group.addEgressRule(
    ec2.Peer.anyIpv4(),
    ec2.Port.tcp(443),
    'HTTPS, for the services of AWS and for packages',
  );
  // Both ends at once: the store lets this group in, and this group may go out to the store.
  database.connections.allowDefaultPortFrom(group, 'MySQL, from the web servers');
  cache.connections.allowDefaultPortFrom(group, 'The cache, from the web servers');
  return group;
}

/** Lets a group's port be opened by whom the configuration names: nobody unless it names a range. */
export function letVisitorsIn(
  group: ec2.ISecurityGroup,
  { config }: WebTierProps,
  port: number = SITE_PORT,
): void {
  const { visitors } = config.access;
  if (visitors === undefined) return;
  const whom = visitors === EVERYONE ? 'everyone, as access.everyone says' : 'its visitors';
  group.addIngressRule(ec2.Peer.ipv4(visitors), ec2.Port.tcp(port), `The site, for ${whom}`);
}
