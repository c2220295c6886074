import { doorsTo, type Door } from './doors.ts';
import { ofType, text, type Named, type Template } from './template.ts';

/** What the drawing shows, all of it read from a template. */
export interface Picture {
  readonly zones: number;
  readonly cidr: string;
  /** Who may open the site from outside; none where people come by Session Manager. */
  readonly visitors: Door | undefined;
  readonly balancer: string | undefined;
  /** What stands in the public subnets, and how many: a machine, or a fleet. */
  readonly servers: Card & { readonly zones: number };
  readonly database: readonly Card[];
  readonly databasePort: string;
  readonly cache: readonly Card[];
  readonly cachePort: string;
  /** What serves the stack from outside its network. */
  readonly services: readonly Card[];
}

export interface Card {
  readonly title: string;
  readonly lines: readonly string[];
  /** Counted from 0; undefined for what is in all of them. */
  readonly zone?: number;
}

export function readPicture(template: Template): Picture {
  const zones = new Set(
    ofType(template, 'EC2::Subnet').map(({ Properties }) => JSON.stringify(Properties?.['AvailabilityZone'])),
  );
  const [balancer] = ofType(template, 'ElasticLoadBalancingV2::LoadBalancer');
  const outside = doorsTo(template, balancer ? 'ElasticLoadBalancingV2::LoadBalancer' : 'EC2::Instance');
  const cacheType =
    ofType(template, 'ElastiCache::ServerlessCache').length > 0 ? 'ServerlessCache' : 'ReplicationGroup';
  return {
    zones: zones.size,
    cidr: text(ofType(template, 'EC2::VPC')[0], 'CidrBlock'),
    visitors: outside.find(({ from }) => from.includes('/')),
    balancer: balancer && 'Application Load Balancer',
    servers: serversOf(template, zones.size),
    database: databaseOf(template),
    databasePort: portOf(doorsTo(template, 'RDS::DBInstance')),
    cache: cacheOf(template, zones.size),
    cachePort: portOf(doorsTo(template, `ElastiCache::${cacheType}`)),
    services: servicesOf(template),
  };
}

function portOf(doors: readonly Door[]): string {
  return [...new Set(doors.map(({ ports }) => ports))].join(', ');
}

function serversOf(template: Template, zones: number): Picture['servers'] {
  const [group] = ofType(template, 'AutoScaling::AutoScalingGroup');
  const [server] = ofType(template, 'EC2::Instance');
  const [launch] = ofType(template, 'EC2::LaunchTemplate');
  const data = launch?.Properties?.['LaunchTemplateData'] as Readonly<Record<string, unknown>> | undefined;
  if (group === undefined) {
    return {
      title: 'Web server',
      lines: [text(server, 'InstanceType'), 'Node 24, in a role of its own'],
      zones: 1,
      zone: 0,
    };
  }
  const count = `${text(group, 'MinSize')} to ${text(group, 'MaxSize')}`;
  const type = typeof data?.['InstanceType'] === 'string' ? data['InstanceType'] : '';
  return { title: 'Web servers', lines: [`${count} × ${type}`, 'auto-scaling, Node 24'], zones };
}

function databaseOf(template: Template): readonly Card[] {
  const all = ofType(template, 'RDS::DBInstance');
  const replicas = all.filter(({ Properties }) => Properties?.['SourceDBInstanceIdentifier'] !== undefined);
  const primary = all.find((instance) => !replicas.includes(instance));
  const kind = text(primary, 'DBInstanceClass');
  const cards: Card[] = [
    {
      title: `RDS for MySQL ${text(primary, 'EngineVersion')}`,
      lines: [`${kind}, ${text(primary, 'AllocatedStorage')} GiB`, encryption(primary, 'StorageEncrypted')],
      zone: 0,
    },
  ];
  const others = [
    ...(text(primary, 'MultiAZ') === 'true' ? ['Standby'] : []),
    ...replicas.map(() => 'Read replica'),
  ];
  if (others.length > 0) cards.push({ title: others.join(', '), lines: [kind], zone: 1 });
  return cards;
}

function cacheOf(template: Template, zones: number): readonly Card[] {
  const [serverless] = ofType(template, 'ElastiCache::ServerlessCache');
  if (serverless) {
    return [
      {
        title: `ElastiCache Serverless, ${engineOf(serverless, 'MajorEngineVersion')}`,
        lines: ['grows and shrinks by itself', 'encrypted'],
      },
    ];
  }
  const [group] = ofType(template, 'ElastiCache::ReplicationGroup');
  const shards = Number(text(group, 'NumNodeGroups') || 1);
  const replicas = Number(text(group, 'ReplicasPerNodeGroup') || Number(text(group, 'NumCacheClusters')) - 1);
  const kind = text(group, 'CacheNodeType');
  const many = (title: string) => (shards > 1 ? `${title}, ${shards} shards` : title);
  const first = {
    title: many(`ElastiCache, ${engineOf(group, 'EngineVersion')}`),
    lines: [kind, encryption(group, 'AtRestEncryptionEnabled')],
    zone: 0,
  };
  const others = Array.from({ length: Math.min(replicas, zones - 1) }, (_, index) => {
    const isLast = index === zones - 2;
    const more = isLast && replicas > zones - 1 ? `, ${replicas - zones + 2} of them` : '';
    return { title: many(`Replica${more}`), lines: [kind], zone: index + 1 };
  });
  return [first, ...others];
}

function engineOf(cache: Named | undefined, version: string): string {
  const engine = text(cache, 'Engine') === 'redis' ? 'Redis OSS' : 'Valkey';
  return `${engine} ${text(cache, version)}`;
}

function encryption(store: Named | undefined, property: string): string {
  return text(store, property) === 'true' ? 'encrypted' : 'not encrypted';
}

function servicesOf(template: Template): readonly Card[] {
  const count = (type: string) => ofType(template, type).length;
  const counted = (number: number, thing: string) => `${number} ${thing}${number === 1 ? '' : 's'}`;
  const rotates = ofType(template, 'RDS::DBInstance').some(
    (instance) => text(instance, 'ManageMasterUserPassword') === 'true',
  );
  const own = count('SecretsManager::Secret');
  const services: Card[] = [
    {
      title: 'Secrets Manager',
      lines: [`${own + (rotates ? 1 : 0)} passwords${rotates ? ', 1 rotated' : ''}`],
    },
    { title: 'CloudFormation', lines: ['where things are'] },
    { title: 'Session Manager', lines: ['in without a port'] },
    {
      title: 'CloudWatch',
      lines: [
        `${counted(count('CloudWatch::Alarm'), 'alarm')}, ${counted(count('CloudWatch::Dashboard'), 'dashboard')}`,
      ],
    },
    { title: 'SNS', lines: ['tells you of alarms'] },
  ];
  if (count('EC2::FlowLog') > 0) services.push({ title: 'CloudWatch Logs', lines: ['flow logs'] });
  if (count('Scheduler::Schedule') > 0) services.push({ title: 'EventBridge', lines: ['deletes the stack'] });
  if (count('Budgets::Budget') > 0) services.push({ title: 'Budgets', lines: ['tells you of costs'] });
  return services;
}
