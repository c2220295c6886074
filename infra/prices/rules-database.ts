import type { Line, Rule } from './line.ts';
import { HOURS_PER_MONTH, usdPerHour } from './price.ts';
import { follow, isSet, number, text } from './template.ts';

/** RDS for MySQL. @see https://aws.amazon.com/rds/mysql/pricing/ */
export const databaseRules: Readonly<Record<string, Rule>> = {
  'AWS::RDS::DBInstance': (resource, { template, prices }) => {
    const { Properties: own = {} } = resource;
    // A read replica has the storage, and often the engine, of the database that it copies.
    const { Properties: source = {} } = follow(template, own['SourceDBInstanceIdentifier']) ?? {};
    const property = (name: string) => own[name] ?? source[name];
    const type = (text(own['DBInstanceClass']) ?? 'of unknown class').replace(/^db\./, '');
    const isMysql = text(property('Engine')) === 'mysql';
    const zones = isSet(own['MultiAZ']) ? 2 : 1;
    const inZones = zones === 2 ? ', in two zones' : '';
    const storage = text(property('StorageType')) ?? 'gp2';
    const gigabytes = number(property('AllocatedStorage'));
    const perGbMonth = prices.rdsStorage[storage];
    const hourly = isMysql ? prices.rdsMysql[type] : undefined;
    const lines: Line[] = [
      {
        of: 'database',
        what: `${isMysql ? 'MySQL' : (text(property('Engine')) ?? 'unknown engine')} db.${type}${inZones}`,
        count: 1,
        usdPerHour: hourly === undefined ? undefined : hourly * zones,
      },
      {
        of: 'database',
        what: `${gigabytes ?? 'unknown'} GB ${storage}${inZones}`,
        count: 1,
        usdPerHour:
          gigabytes === undefined || perGbMonth === undefined
            ? undefined
            : (gigabytes * perGbMonth * zones) / HOURS_PER_MONTH,
      },
    ];
    if (isSet(own['ManageMasterUserPassword'])) {
      lines.push({ of: 'secrets', what: 'secret', count: 1, usdPerHour: usdPerHour(prices.single.secret) });
    }
    if (text(own['DatabaseInsightsMode']) === 'advanced') {
      lines.push({ of: 'database', what: 'Database Insights, advanced', count: 1 });
    }
    return {
      lines,
      byUse: [
        ...(/^t\d/.test(type) ? (['databaseCredits'] as const) : []),
        ...((number(own['BackupRetentionPeriod']) ?? 1) > 0 ? (['backups'] as const) : []),
      ],
    };
  },
};
