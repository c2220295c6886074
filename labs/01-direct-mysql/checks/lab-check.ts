import type { Check } from '@workshop/lab-kit';
import type { ArticleStore } from '../../contract.ts';

export type LabCheck = Check<ArticleStore>;

export const concatenated = {
  mistake: 'concatenated-sql',
  leadsTo: 'Somebody will type a term that ends your statement and begins one of their own.',
};

export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
