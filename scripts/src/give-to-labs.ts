import * as dataset from '@workshop/dataset';
import * as labKit from '@workshop/lab-kit';
import { giveModules } from '@workshop/lab-kit/compile';
import * as ioredis from 'ioredis';
import * as mysql from 'mysql2/promise';

/** What the labs' checks import. Compiled, they take it from this command: their errors are then its errors, too. */
export const givenToLabs = ['@workshop/lab-kit', '@workshop/dataset', 'ioredis', 'mysql2/promise'] as const;

type Given = (typeof givenToLabs)[number];

export function giveToLabs(): void {
  giveModules({
    '@workshop/lab-kit': () => labKit,
    '@workshop/dataset': () => dataset,
    ioredis: () => ioredis.default,
    'mysql2/promise': () => mysql.default,
  } satisfies Record<Given, () => unknown>);
}
