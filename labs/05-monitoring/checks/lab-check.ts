import type { Check, CheckContext } from '@workshop/lab-kit';
import type { MonitoredStore } from '../../contract.ts';

export type Context = CheckContext<MonitoredStore>;

export type LabCheck = Check<MonitoredStore>;
