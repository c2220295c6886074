import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

const infra = path.resolve(import.meta.dirname, '..');

test('settings that cannot work end CDK’s app with a line each, and nothing else', () => {
  // As `cdk synth -c cache.mode=sharded -c visitors=me` hands them on.
  const context = { 'cache.mode': 'sharded', visitors: 'me', '@aws-cdk/core:checkSecretUsage': true };
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'bin/app.ts'], {
    cwd: infra,
    encoding: 'utf8',
    env: { ...process.env, CDK_CONTEXT_JSON: JSON.stringify(context) },
  });
  expect(status).toBe(1);
  expect(stderr.trim().split('\n')).toEqual([
    'cache.mode must be one of node, replicated, cluster, serverless, not "sharded".',
    'access.visitors must be an IPv4 range such as 203.0.113.7/32, not "me".',
  ]);
});
