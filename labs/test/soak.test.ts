import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, inject, test } from 'vitest';
import type {} from '@workshop/engines/testing';
import { soakLabs } from '../soak/soak.ts';

const labsRoot = dirname(dirname(fileURLToPath(import.meta.url)));
const engines = { mysqlUrl: inject('mysqlUrl'), redisUrl: inject('redisUrl') };

/** One that is all traffic, one that is all order, one of several processes. `LAB=03` for another. */
const few = ['02', '04', '06'];

// The other tests keep the machine busy meanwhile. Of all labs, of mistakes and variants too, and a hundred rounds: pnpm soak:labs
test('a solution gets the same verdict every time', { timeout: 600_000 }, async () => {
  const { LAB } = process.env;
  for (const lab of LAB ? [LAB] : few) {
    const options = { labsRoot, engines, rounds: 2, lab, only: 'solution', log: () => {} };
    expect(await soakLabs(options)).toEqual([]);
  }
});
