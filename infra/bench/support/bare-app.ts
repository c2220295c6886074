// The workshop's stack as a CDK app without anything around it: no settings are read, and no bundle is built.
import { App } from 'aws-cdk-lib/core';
import { WorkshopStack } from '../../lib/workshop-stack.ts';

new WorkshopStack(new App(), {
  profile: 'workshop',
  stackName: 'CachingWorkshop',
  network: { zones: 2, flowLogs: true },
  database: {
    instanceType: 't4g.micro',
    storageGiB: 20,
    multiAz: false,
    readReplica: false,
    rotation: false,
    backupDays: 1,
    keepData: false,
  },
  cache: {
    engine: 'valkey',
    mode: 'node',
    nodeType: 't4g.micro',
    replicas: 0,
    shards: 1,
    snapshotDays: 0,
    maxGb: 1,
    maxEcpuPerSecond: 1_000,
  },
  web: { kind: 'server', instanceType: 't4g.micro', least: 1, most: 1 },
  access: { everyone: false },
});
