import type { Around, Line, Priced, Rule } from './line.ts';
import { HOURS_PER_MONTH, usdPerHour } from './price.ts';
import type { Values } from './template.ts';
import { follow, isSet, list, number, text, values } from './template.ts';

/** Servers, their disks and addresses, and the load balancer before them. */
export const webRules: Readonly<Record<string, Rule>> = {
  'AWS::EC2::Instance': ({ Properties: own = {} }, around) => {
    const template = launchTemplate(own['LaunchTemplate'], around);
    return servers({ ...template, ...own }, [own['SubnetId']], 1, around);
  },
  'AWS::AutoScaling::AutoScalingGroup': ({ Properties: own = {} }, around) => {
    // As many as there are to begin with; more come, and cost, when there is much to do.
    const count = number(own['DesiredCapacity']) ?? number(own['MinSize']) ?? 1;
    const template = launchTemplate(own['LaunchTemplate'], around);
    const { lines, byUse = [] } = servers(template, list(own['VPCZoneIdentifier']), count, around);
    return { lines, byUse: (number(own['MaxSize']) ?? count) > count ? ['moreServers', ...byUse] : byUse };
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ({ Properties: own = {} }, { prices }) => {
    const isInternal = text(own['Scheme']) === 'internal';
    const isApplication = (text(own['Type']) ?? 'application') === 'application';
    const { loadBalancer, publicIpv4 } = prices.single;
    return {
      lines: [
        {
          of: 'web',
          what: isApplication ? 'load balancer' : `${text(own['Type'])} load balancer`,
          count: 1,
          usdPerHour: isApplication ? usdPerHour(loadBalancer) : undefined,
        },
        {
          of: 'network',
          what: ADDRESS,
          count: isInternal ? 0 : list(own['Subnets']).length,
          usdPerHour: usdPerHour(publicIpv4),
        },
      ],
      byUse: ['balancerUse', 'traffic'],
    };
  },
  'AWS::EC2::Volume': ({ Properties: own = {} }, { prices }) => ({
    lines: [disk({ VolumeSize: own['Size'], VolumeType: own['VolumeType'] }, 1, prices.ebs)],
  }),
};

const ADDRESS = 'public IPv4 address';

function servers(properties: Values, subnets: readonly unknown[], count: number, around: Around): Priced {
  const { prices, template } = around;
  const type = text(properties['InstanceType']) ?? 'of unknown type';
  const interfaces = list(properties['NetworkInterfaces']).map(values);
  const isAsked = interfaces.some((each) => isSet(each['AssociatePublicIpAddress']));
  const isRefused = interfaces.some((each) => String(each['AssociatePublicIpAddress']) === 'false');
  const inside = [...subnets, ...interfaces.map((each) => each['SubnetId'])];
  const isGiven = inside.some((subnet) =>
    isSet(follow(template, subnet)?.Properties?.['MapPublicIpOnLaunch']),
  );
  const lines: Line[] = [
    { of: 'web', what: `EC2 ${type}`, count, usdPerHour: prices.ec2[type] },
    {
      of: 'network',
      what: ADDRESS,
      count: isAsked || (isGiven && !isRefused) ? count : 0,
      usdPerHour: usdPerHour(prices.single.publicIpv4),
    },
  ];
  // A launch template has it as an object.
  const monitoring = properties['Monitoring'];
  if (isSet(monitoring) || isSet(values(monitoring)['Enabled'])) {
    lines.push({
      of: 'monitoring',
      what: "a server's metrics by the minute",
      count,
      usdPerHour: usdPerHour(prices.single.detailedMonitoring),
    });
  }
  for (const mapping of list(properties['BlockDeviceMappings'])) {
    const volume = values(values(mapping)['Ebs']);
    if (Object.keys(volume).length > 0) lines.push(disk(volume, count, prices.ebs));
  }
  return { lines, byUse: ['traffic', ...(/^t\d/.test(type) ? (['serverCredits'] as const) : [])] };
}

function disk(volume: Values, count: number, ebs: Readonly<Record<string, number>>): Line {
  const size = number(volume['VolumeSize']);
  const type = text(volume['VolumeType']) ?? 'gp2';
  const perGbMonth = ebs[type];
  return {
    of: 'web',
    what: `${size ?? 'unknown'} GB ${type}`,
    count,
    usdPerHour:
      size === undefined || perGbMonth === undefined ? undefined : (size * perGbMonth) / HOURS_PER_MONTH,
  };
}

/** The properties that a server takes from its launch template. */
function launchTemplate(reference: unknown, { template }: Around): Values {
  const { LaunchTemplateId: id, LaunchTemplateName: name } = values(reference);
  const resource = follow(template, id) ?? follow(template, name);
  return values(resource?.Properties?.['LaunchTemplateData']);
}
