import type { Check, CheckContext } from '@workshop/lab-kit';
import type { WritableStore } from '../../contract.ts';

export type Context = CheckContext<WritableStore>;

export type LabCheck = Check<WritableStore>;
