import type { DBInstance, Parameter } from '@aws-sdk/client-rds';
import type { StackModel } from '../template/stack-model.ts';
import { valuesOf, type Values } from '../template/template.ts';
import type { Account } from './account.ts';
import type { DeployedResource, DeployedStack } from './read-stack.ts';
import type { Seen } from './seen.ts';

/** What RDS says of the stack's instances and of their parameter groups. @throws {StackError} */
export async function readDatabases(
  account: Account,
  { resources }: DeployedStack,
  model: StackModel,
): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  for (const resource of resources) {
    if (resource.type === 'AWS::RDS::DBInstance') seen.push(await readInstance(account, resource));
    if (resource.type === 'AWS::RDS::DBParameterGroup') {
      const written = model.resources.find(({ id }) => id === resource.id)?.properties['Parameters'];
      seen.push(await readParameters(account, resource, Object.keys(valuesOf(written))));
    }
  }
  return seen;
}

async function readInstance(account: Account, { id, name }: DeployedResource): Promise<Seen> {
  const found = name
    ? await account.find('RDS', 'DescribeDBInstances', ({ sdk, client }) =>
        client.send(new sdk.DescribeDBInstancesCommand({ DBInstanceIdentifier: name })),
      )
    : undefined;
  const instance = found?.DBInstances?.[0];
  const common = { id, name, called: 'the database', service: 'RDS' } as const;
  if (!instance) return { ...common, status: undefined, properties: {} };
  const { Endpoint, MasterUserSecret, DBParameterGroups = [] } = instance;
  return {
    ...common,
    status: instance.DBInstanceStatus ?? 'unknown',
    properties: propertiesOf(instance),
    pending: pendingOf(instance),
    attributes: {
      'Endpoint.Address': Endpoint?.Address,
      'Endpoint.Port': Endpoint?.Port?.toString(),
      'MasterUserSecret.SecretArn': MasterUserSecret?.SecretArn,
    },
    parameterGroups: DBParameterGroups.map(({ DBParameterGroupName = '', ParameterApplyStatus = '' }) => ({
      name: DBParameterGroupName,
      status: ParameterApplyStatus,
    })),
  };
}

function propertiesOf(instance: DBInstance): Values {
  const { DBParameterGroups = [], VpcSecurityGroups = [] } = instance;
  return {
    AllocatedStorage: instance.AllocatedStorage,
    AutoMinorVersionUpgrade: instance.AutoMinorVersionUpgrade,
    BackupRetentionPeriod: instance.BackupRetentionPeriod,
    DBInstanceClass: instance.DBInstanceClass,
    DBName: instance.DBName,
    DBParameterGroupName: DBParameterGroups[0]?.DBParameterGroupName,
    DBSubnetGroupName: instance.DBSubnetGroup?.DBSubnetGroupName,
    DeletionProtection: instance.DeletionProtection,
    EnableIAMDatabaseAuthentication: instance.IAMDatabaseAuthenticationEnabled,
    EnablePerformanceInsights: instance.PerformanceInsightsEnabled,
    Engine: instance.Engine,
    EngineVersion: instance.EngineVersion,
    MasterUsername: instance.MasterUsername,
    MonitoringInterval: instance.MonitoringInterval,
    MultiAZ: instance.MultiAZ,
    Port: instance.Endpoint?.Port,
    PubliclyAccessible: instance.PubliclyAccessible,
    StorageEncrypted: instance.StorageEncrypted,
    StorageType: instance.StorageType,
    VPCSecurityGroups: VpcSecurityGroups.map(({ VpcSecurityGroupId }) => VpcSecurityGroupId),
  };
}

function pendingOf({ PendingModifiedValues: pending = {} }: DBInstance): Values {
  return {
    AllocatedStorage: pending.AllocatedStorage,
    BackupRetentionPeriod: pending.BackupRetentionPeriod,
    DBInstanceClass: pending.DBInstanceClass,
    EnableIAMDatabaseAuthentication: pending.IAMDatabaseAuthenticationEnabled,
    EngineVersion: pending.EngineVersion,
    MultiAZ: pending.MultiAZ,
    Port: pending.Port,
    StorageType: pending.StorageType,
  };
}

async function readParameters(
  account: Account,
  { id, name }: DeployedResource,
  written: readonly string[],
): Promise<Seen> {
  const wanted = new Set([...written, 'require_secure_transport']);
  const found = await account.find('RDS', 'DescribeDBParameters', async ({ sdk, client }) => {
    const parameters: Parameter[] = [];
    const asked = {
      DBParameterGroupName: name,
      Filters: [{ Name: 'parameter-name', Values: [...wanted] }],
    };
    for await (const page of sdk.paginateDescribeDBParameters({ client }, asked)) {
      parameters.push(...(page.Parameters ?? []));
    }
    return parameters;
  });
  const ofInterest = (found ?? []).filter(({ ParameterName = '' }) => wanted.has(ParameterName));
  return {
    id,
    name,
    called: 'the parameter group',
    service: 'RDS',
    status: found ? 'available' : undefined,
    properties: {
      Parameters: Object.fromEntries(
        ofInterest.map(({ ParameterName = '', ParameterValue }) => [ParameterName, ParameterValue]),
      ),
    },
  };
}
