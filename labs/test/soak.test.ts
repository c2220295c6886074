import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, inject, test } from 'vitest';
import type {} from '@workshop/engines/testing';
import { soakLabs } from '../soak/soak.ts';

const labsRoot = dirname(dirname(fileURLToPath(import.meta.url)));
const engines = { mysqlUrl: inject('mysqlUrl'), redisUrl: inject('redisUrl') };

// The other tests keep the machine busy meanwhile. Of mistakes and variants too, and a hundred rounds: pnpm soak:labs
test('a solution gets the same verdict every time', { timeout: 600_000 }, async () => {
  const lab = process.env['LAB'] ?? '';
  const options = { labsRoot, engines, rounds: 2, lab, only: 'solution', log: () => {} };
  expect(await soakLabs(options)).toEqual([]);
});
