import { defaultLimits, defineLab } from '@workshop/lab-kit';
import { alarmMetrics } from './checks/alarm-metrics.ts';
import { alarms } from './checks/alarms.ts';
import { closed } from './checks/closed.ts';
import { atRest, inTransit, metadata } from './checks/encryption.ts';
import type { DeployLab, StackCheck } from './checks/lab-check.ts';
import { outputs } from './checks/outputs.ts';
import { noWildcards, permitted } from './checks/permissions.ts';
import { reachable } from './checks/reachable.ts';
import { secrets } from './checks/secrets.ts';
import { synthesises } from './checks/synthesises.ts';
import { unexposed } from './checks/unexposed.ts';

export const stackChecks: readonly StackCheck[] = [
  synthesises,
  reachable,
  closed,
  unexposed,
  inTransit,
  atRest,
  metadata,
  secrets,
  permitted,
  noWildcards,
  alarmMetrics,
  alarms,
  outputs,
];

export default defineLab<DeployLab>({
  id: '10',
  name: 'deploy',
  title: 'Deploy',
  minutes: 60,
  entry: 'workshop-stack.ts',
  harness: new URL('./harness.ts', import.meta.url),
  // CDK takes most of the time to load, and a busy machine takes long for it; no check waits for anything.
  lanes: 1,
  limits: { ...defaultLimits, openMs: 60_000, callMs: 30_000 },
  returns: { synth: 'object' },
  checks: stackChecks,
});
