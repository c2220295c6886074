/** AWS counts a month as 730 hours where it turns a price by the month into one by the hour. */
export const HOURS_PER_MONTH = 730;

/** One price of AWS's, in USD without tax. */
export interface Price {
  readonly usd: number;
  readonly per: 'hour' | 'month';
}

/** What one unit costs in an hour of its being there, in USD. */
export function usdPerHour({ usd, per }: Price): number {
  return per === 'hour' ? usd : usd / HOURS_PER_MONTH;
}

/** The prices of one region, on demand, and where and when they were read. */
export interface PriceTable {
  readonly region: string;
  /** The month that the newest of them were read in. None is fetched when a command runs. */
  readonly asOf: string;
  /** By instance type, Linux: `t4g.micro`. */
  readonly ec2: Prices;
  /** By instance class, MySQL in one zone, without `db.`. In two zones it is twice that. */
  readonly rdsMysql: Prices;
  /** By node type, without `cache.`. */
  readonly cacheNodes: { readonly valkey: Prices; readonly redis: Prices };
  /** A GB-hour of a serverless cache, and the least that is charged for, in GB. */
  readonly serverless: { readonly valkey: ServerlessPrice; readonly redis: ServerlessPrice };
  /** A GB a month, by volume type. */
  readonly ebs: Prices;
  readonly rdsStorage: Prices;
  readonly single: Readonly<Record<SinglePrice, Price>>;
  /** What is charged by use, which no template knows. A line each, to be shown beside the sum. */
  readonly byUse: Readonly<Record<ByUse, string>>;
  /** Where each group of prices is published, and when it was read. */
  readonly sources: readonly {
    readonly of: string;
    readonly url: string;
    /** `2026-06`, or '' where an old price was taken over. */
    readonly read: string;
    /** What else is to be known of where they come from. */
    readonly note?: string;
  }[];
}

export type Prices = Readonly<Record<string, number>>;

export interface ServerlessPrice {
  readonly usdPerGbHour: number;
  readonly leastGb: number;
  readonly usdPerMillionEcpu: number;
}

export type SinglePrice =
  | 'publicIpv4'
  | 'secret'
  | 'alarmMetric'
  | 'highResolutionAlarmMetric'
  | 'detailedMonitoring'
  | 'dashboard'
  | 'loadBalancer'
  | 'natGateway'
  | 'interfaceEndpointZone'
  | 'kmsKey';

export type ByUse =
  | 'traffic'
  | 'betweenZones'
  | 'moreServers'
  | 'serverCredits'
  | 'databaseCredits'
  | 'ecpu'
  | 'cacheStorage'
  | 'balancerUse'
  | 'natTraffic'
  | 'logs'
  | 'objects'
  | 'backups'
  | 'requests';
