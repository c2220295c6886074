import type { Database } from '../database.ts';
import { creditWatches } from './credits.ts';
import { formulaOf, metricOf, type Reporter } from './metrics.ts';
import type { Watch } from './watch.ts';

const GIB = 1024 ** 3;

/** Who uses the database is told by what stands on the dashboard above it; here is what the instance and its disk say. */
export function databaseWatches(database: Database, instanceType: string): Watch[] {
  const { instance, replica } = database;
  const reporter = reporterOf(instance.instanceIdentifier);
  return [
    cpu(reporter),
    ...(database.hasInsights ? [load(reporter, database.vCpus)] : []),
    memory(reporter, database.memoryBytes),
    storage(reporter, database.storageGiB),
    connections(reporter, database.memoryBytes),
    latency(reporter, 'Read'),
    latency(reporter, 'Write'),
    ...(hasDiskCredits(instanceType) ? [diskCredits(reporter)] : []),
    ...(database.isBurstable ? credits(reporter, instanceType) : []),
    ...(replica ? [replicaLag(reporterOf(replica.instanceIdentifier))] : []),
  ];
}

const reporterOf = (instanceIdentifier: string): Reporter => ({
  namespace: 'AWS/RDS',
  dimensions: { DBInstanceIdentifier: instanceIdentifier },
});

/**
 * Above 90 % for five minutes, or not reported: the instance is down, or stopped.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html#RDS
 */
const cpu = (reporter: Reporter): Watch => ({
  id: 'DatabaseCpu',
  row: 'Database',
  graph: 'CPU',
  unit: '%',
  meaning: 'The database has used more than 90 % of its CPU for five minutes, or no longer reports.',
  metric: metricOf(reporter, 'CPUUtilization'),
  limit: { above: 90 },
  periods: 5,
  silence: 'trouble',
});

/**
 * More sessions at work than there are vCPUs, for 15 minutes. Only where Database Insights runs, which micro and small classes do not have:
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DatabaseInsights.Engines.html
 *
 * Source: "Ideally, DB load should not go above vCPU line", 15 of 15 minutes, of
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html#RDS
 */
const load = (reporter: Reporter, vCpus: number): Watch => ({
  id: 'DatabaseLoad',
  row: 'Database',
  graph: 'Sessions at work',
  unit: 'sessions',
  meaning:
    'For 15 minutes more queries have been at work than the database has vCPUs, so they wait for each other.',
  metric: metricOf(reporter, 'DBLoad'),
  limit: { above: vCpus },
  periods: 15,
  silence: 'unknown',
});

/**
 * Less than 5 % of the memory is free for 15 minutes.
 *
 * Source: 15 of 15 minutes of
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html#RDS. It names 25 % and says that other
 * values may fit. For MySQL 25 % does not: RDS gives InnoDB's buffer pool three quarters of the memory, so that once it is warm less than a
 * quarter is free for good. 5 % is what the same page names for Aurora.
 */
const memory = (reporter: Reporter, memoryBytes: number): Watch => ({
  id: 'DatabaseMemory',
  row: 'Database',
  graph: 'Freeable memory',
  unit: 'bytes',
  meaning:
    'For 15 minutes the database has had less than 5 % of its memory free: it may begin to swap, or refuse connections.',
  metric: metricOf(reporter, 'FreeableMemory'),
  limit: { below: Math.round(memoryBytes * 0.05) },
  periods: 15,
  silence: 'unknown',
});

/**
 * Less than 10 % of the disk is free. A full one stops the database.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html#RDS
 */
const storage = (reporter: Reporter, storageGiB: number): Watch => ({
  id: 'DatabaseStorage',
  row: 'Database',
  graph: 'Free storage',
  unit: 'bytes',
  meaning: "Less than 10 % of the database's disk is free. A full disk stops the database.",
  metric: metricOf(reporter, 'FreeStorageSpace', { statistic: 'Minimum' }),
  limit: { below: Math.round(storageGiB * GIB * 0.1) },
  periods: 5,
  silence: 'unknown',
});

/**
 * More than 60 % of max_connections by its formula, memory in bytes / 12582880.
 *
 * Source: the formula from https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections; 5 of 5
 * minutes, at 90 to 95 % of the maximum, from
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html#RDS. But the formula's memory
 * is what RDS leaves of the class's: with 1 GiB the maximum has been seen to be 66, not 85, and 90 % of 85 would never be reached. 60 % of
 * the formula is 63 to 77 % of what http://tritoneco.com/2015/11/23/max_connections-at-aws-rds-mysql-instance-sizes/ has seen.
 */
const connections = (reporter: Reporter, memoryBytes: number): Watch => ({
  id: 'DatabaseConnections',
  row: 'Database',
  graph: 'Connections',
  unit: 'connections',
  meaning: 'The database comes near the most connections it allows: above, it refuses new ones.',
  metric: metricOf(reporter, 'DatabaseConnections'),
  limit: { above: Math.floor((memoryBytes / 12_582_880) * 0.6) },
  periods: 5,
  silence: 'unknown',
});

/**
 * One disk access in ten takes more than 20 ms, for five minutes.
 *
 * Source: "higher than 20 milliseconds are likely a cause for investigation", p90, of
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html#RDS
 */
const latency = (reporter: Reporter, way: 'Read' | 'Write'): Watch => ({
  id: `Database${way}Latency`,
  row: 'Database',
  graph: 'Latency of the disk (p90)',
  unit: 's',
  meaning: `The slowest tenth of the disk's ${way.toLowerCase()}s has taken the database more than 20 ms for five minutes.`,
  metric: metricOf(reporter, `${way}Latency`, { statistic: 'p90', label: way.toLowerCase() }),
  limit: { above: 0.02 },
  periods: 5,
  silence: 'unknown',
});

/**
 * Whether the class has a balance of disk credits: the sizes that reach the disk's full speed for 30 minutes a day only. All that the stack offers
 * up to 2xlarge are among them. (BurstBalance is gp2's, and the disk here is gp3.)
 * https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html, "EBS specifications"
 */
const hasDiskCredits = (instanceType: string) =>
  /\.(?:micro|small|medium|large|xlarge|2xlarge)$/.test(instanceType);

/**
 * Less than 10 % of the credits for the disk's speed, in operations or bytes, for 15 minutes: RDS has them every five.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html#RDS
 */
const diskCredits = (reporter: Reporter): Watch => ({
  id: 'DatabaseDiskCredits',
  row: 'Database',
  graph: 'Disk credits left',
  unit: '%',
  meaning:
    "The database has used up 90 % of its credits for disk speed. Without them it falls to its class's baseline.",
  metric: formulaOf([reporter], {
    metrics: { operations: 'EBSIOBalance%', bytes: 'EBSByteBalance%' },
    term: (of) => `MIN([${of('operations')}, ${of('bytes')}])`,
    combine: 'MIN',
    minutes: 5,
  }),
  lines: [
    metricOf(reporter, 'EBSIOBalance%', { minutes: 5, label: 'operations' }),
    metricOf(reporter, 'EBSByteBalance%', { minutes: 5, label: 'bytes' }),
  ],
  limit: { below: 10 },
  periods: 3,
  silence: 'unknown',
});

/** RDS runs T3 and T4g in unlimited mode: without credits it is not slowed down but billed by the vCPU-hour. */
const credits = (reporter: Reporter, instanceType: string): readonly Watch[] =>
  creditWatches([reporter], instanceType, {
    id: 'DatabaseCredits',
    row: 'Database',
    meaning: 'The database is using up its CPU credits. Without them each further vCPU-hour is billed.',
  });

/**
 * The read replica is more than a minute behind for ten minutes, or its replication has stopped, which RDS reports as -1.
 *
 * Source: "no more than 60 seconds", 10 of 10 minutes, and -1 of
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html#RDS
 */
const replicaLag = (reporter: Reporter): Watch => ({
  id: 'DatabaseReplicaLag',
  row: 'Database',
  graph: 'Replica lag',
  unit: 's',
  meaning:
    "The database's read replica is more than a minute behind, no longer replicates, or does not report.",
  metric: formulaOf([reporter], {
    metrics: { lag: 'ReplicaLag' },
    // An hour stands for "never": an alarm above 60 would take -1 for health.
    term: (of) => `IF(${of('lag')} < 0, 3600, ${of('lag')})`,
    combine: 'MAX',
    statistic: 'Maximum',
  }),
  limit: { above: 60 },
  periods: 10,
  silence: 'trouble',
});
