import type { Check, CheckContext } from '@workshop/lab-kit';
import type { ExpiringStore } from '../../contract.ts';

export type Context = CheckContext<ExpiringStore>;

export type LabCheck = Check<ExpiringStore>;
