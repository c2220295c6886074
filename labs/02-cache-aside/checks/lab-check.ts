import type { Check, CheckContext } from '@workshop/lab-kit';
import type { ArticleStore } from '../../contract.ts';

export type Context = CheckContext<ArticleStore>;

export type LabCheck = Check<ArticleStore>;
