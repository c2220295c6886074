import type { Check, CheckContext } from '@workshop/lab-kit';
import type { SiteStore } from '../../contract-site.ts';

export type Context = CheckContext<SiteStore>;

export type LabCheck = Check<SiteStore>;
