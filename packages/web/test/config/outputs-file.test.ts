import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { failure, OUTPUTS, read, withStack } from './workshop-stack.ts';

describe('the outputs file, for a server that starts while its stack is being changed', () => {
  const inFile = { ...OUTPUTS, redisendpoint: 'new.cache.abc.euw1.cache.amazonaws.com:6379' };

  async function file(content: string): Promise<string> {
    const folder = await mkdtemp(path.join(tmpdir(), 'web-outputs-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const name = path.join(folder, 'outputs.json');
    await writeFile(name, content);
    return name;
  }

  async function hostWhile(status: string): Promise<string> {
    const aws = await withStack();
    aws.stacks.set('WorkshopStack', { status, outputs: status === 'CREATE_IN_PROGRESS' ? {} : OUTPUTS });
    const config = await read({
      WORKSHOP_OUTPUTS: await file(JSON.stringify({ WorkshopStack: inFile, Other: {} })),
    });
    return new URL(config.redisUrl).hostname.split('.')[0] ?? '';
  }

  it.each([
    'CREATE_IN_PROGRESS',
    'UPDATE_IN_PROGRESS',
    'UPDATE_ROLLBACK_IN_PROGRESS',
    'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
  ])('is used while it is %s', async (status) => {
    expect(await hostWhile(status)).toBe('new');
  });

  it.each(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'])(
    'gives way to CloudFormation once the stack is %s',
    async (status) => {
      expect(await hostWhile(status)).toBe('master');
    },
  );

  it('is of no use to a stack that goes away', async () => {
    const aws = await withStack();
    aws.stacks.set('WorkshopStack', { status: 'DELETE_IN_PROGRESS', outputs: OUTPUTS });
    const outputs = await file(JSON.stringify({ WorkshopStack: inFile }));
    expect(await failure(read({ WORKSHOP_OUTPUTS: outputs }))).toMatchObject({ code: 'stack-not-ready' });
  });

  it.each([
    ['{"Other": {}}', /has no outputs of the stack WorkshopStack, only of: Other\./],
    ['{}', /only of: none\./],
    ['{"WorkshopStack": ["a"]}', /is not of the form that "cdk deploy --outputs-file" writes/],
    ['secretname=x', /is not of the form/],
  ])('that holds %s is an error that names the variable', async (content, message) => {
    const aws = await withStack();
    aws.stacks.set('WorkshopStack', { status: 'CREATE_IN_PROGRESS', outputs: {} });
    const reading = read({ WORKSHOP_OUTPUTS: await file(content) });
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toMatchObject({ name: ConfigError.name, variables: ['WORKSHOP_OUTPUTS'] });
  });

  it('that is not there is an error, too', async () => {
    const aws = await withStack();
    aws.stacks.set('WorkshopStack', { status: 'CREATE_IN_PROGRESS', outputs: {} });
    const reading = read({ WORKSHOP_OUTPUTS: '/nowhere/outputs.json' });
    await expect(reading).rejects.toThrow(
      /WORKSHOP_OUTPUTS names \/nowhere\/outputs\.json, which is not there/,
    );
  });
});
