import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { countKinds, synth } from '../../commands/synth.ts';
import { synthesise } from '../../commands/synthesise.ts';
import { cdkFlags } from '../../lib/cdk-flags.ts';
import { fakeIo } from './fake-io.ts';
import { makeOnce } from './make-once.ts';

const infra = resolve(import.meta.dirname, '../..');

test('says what is in the template, where it is, and what it costs', async () => {
  const io = fakeIo();
  expect(await synth({}, io, makeOnce)).toBe(0);
  expect(io.text()).toMatch(/^CachingWorkshop, profile workshop: \d+ resources of \d+ kinds\n/);
  expect(io.text()).toMatch(/\n {3}1 {2}RDS DBInstance\n/);
  expect(io.text()).toMatch(
    /\nTemplate {2}\S+CachingWorkshop\.template\.json\nPrice {5}0\.\d{4} USD an hour, 0\.\d\d for 8 hours$/,
  );
  const { templateFile, template } = await makeOnce({});
  expect(JSON.parse(await readFile(templateFile, 'utf8'))).toEqual(template);
});

test("it is the template that CDK's own command line makes of bin/app.ts", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'infra-synth-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { template } = await synthesise({}, { folder: join(folder, 'ours'), validates: false });
  const CDK_OUTDIR = join(folder, 'theirs');
  // As the command line calls it, which tells it where to write and what cdk.json says.
  await promisify(execFile)(process.execPath, ['--import', 'tsx', 'bin/app.ts'], {
    cwd: infra,
    env: { ...process.env, CDK_OUTDIR, CDK_CONTEXT_JSON: JSON.stringify(cdkFlags()) },
  });
  const file = join(CDK_OUTDIR, 'CachingWorkshop.template.json');
  expect(template).toEqual(JSON.parse(await readFile(file, 'utf8')));
});

test('kinds are counted, in the order of the alphabet', () => {
  const Resources = Object.fromEntries(
    ['AWS::EC2::VPC', 'AWS::EC2::Subnet', 'AWS::EC2::Subnet'].map((Type, n) => [`R${n}`, { Type }]),
  );
  expect(countKinds({ Resources })).toEqual([
    ['EC2 Subnet', 2],
    ['EC2 VPC', 1],
  ]);
  expect(countKinds({})).toEqual([]);
});
