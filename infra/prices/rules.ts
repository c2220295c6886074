import type { Line, Rule } from './line.ts';
import { usdPerHour } from './price.ts';
import { cacheRules } from './rules-cache.ts';
import { databaseRules } from './rules-database.ts';
import { webRules } from './rules-web.ts';
import { list, number, text, values } from './template.ts';

const one = (of: Line['of'], what: string, usd: number, count = 1): readonly Line[] => [
  { of, what, count, usdPerHour: usd },
];

const SMALL_RULES: Readonly<Record<string, Rule>> = {
  'AWS::SecretsManager::Secret': (_, { prices }) => ({
    lines: one('secrets', 'secret', usdPerHour(prices.single.secret)),
    byUse: ['requests'],
  }),
  'AWS::KMS::Key': (_, { prices }) => ({
    lines: one('secrets', 'key', usdPerHour(prices.single.kmsKey)),
    byUse: ['requests'],
  }),
  // By the metric, not by the alarm: one that takes the highest of three nodes costs three times as much.
  'AWS::CloudWatch::Alarm': ({ Properties = {} }, { prices }) => {
    const metrics = list(Properties['Metrics']).map((each) => values(values(each)['MetricStat']));
    const direct = metrics.filter((metric) => Object.keys(metric).length > 0);
    const period = Math.min(...[Properties, ...direct].map((each) => number(each['Period']) ?? 60));
    const isFast = period < 60;
    const { alarmMetric, highResolutionAlarmMetric } = prices.single;
    return {
      lines: one(
        'monitoring',
        isFast ? 'metric under an alarm, in seconds' : 'metric under an alarm',
        usdPerHour(isFast ? highResolutionAlarmMetric : alarmMetric),
        Math.max(1, direct.length),
      ),
    };
  },
  'AWS::CloudWatch::Dashboard': (_, { prices }) => ({
    lines: one('monitoring', 'dashboard', usdPerHour(prices.single.dashboard)),
  }),
  'AWS::EC2::NatGateway': (_, { prices }) => ({
    lines: one('network', 'NAT gateway', usdPerHour(prices.single.natGateway)),
    byUse: ['natTraffic'],
  }),
  'AWS::EC2::EIP': (_, { prices }) => ({
    lines: one('network', 'public IPv4 address', usdPerHour(prices.single.publicIpv4)),
  }),
  'AWS::EC2::VPCEndpoint': ({ Properties = {} }, { prices }) => {
    const isInterface = text(Properties['VpcEndpointType']) === 'Interface';
    const zones = isInterface ? Math.max(1, list(Properties['SubnetIds']).length) : 0;
    const usd = usdPerHour(prices.single.interfaceEndpointZone);
    return { lines: one('network', 'interface endpoint, a zone', usd, zones) };
  },
  'AWS::EC2::FlowLog': () => ({ lines: [], byUse: ['logs'] }),
  'AWS::Logs::LogGroup': () => ({ lines: [], byUse: ['logs'] }),
  'AWS::S3::Bucket': () => ({ lines: [], byUse: ['objects'] }),
  'AWS::SNS::Topic': () => ({ lines: [], byUse: ['requests'] }),
  'AWS::SQS::Queue': () => ({ lines: [], byUse: ['requests'] }),
};

/** What each type of resource that costs costs, by its properties. */
export const rules: Readonly<Record<string, Rule>> = {
  ...webRules,
  ...databaseRules,
  ...cacheRules,
  ...SMALL_RULES,
};
