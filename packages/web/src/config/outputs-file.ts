import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ConfigError } from './config-error.ts';

const FILE = z.record(z.string(), z.record(z.string(), z.string()));

/**
 * A stack's outputs as a file has them that `cdk deploy --outputs-file` wrote: `{"WorkshopStack": {"secretname": "…"}}`. Rejects with
 * `ConfigError`.
 */
export async function readOutputsFile(file: string, stackName: string): Promise<ReadonlyMap<string, string>> {
  const wrong = (problem: string) =>
    new ConfigError([{ variable: 'WORKSHOP_OUTPUTS', problem: `names ${file}, ${problem}` }]);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw wrong(code === 'ENOENT' ? 'which is not there' : `which cannot be read (${code})`);
  }
  const parsed = FILE.safeParse(jsonOf(text));
  if (!parsed.success) {
    throw wrong(
      'which is not of the form that "cdk deploy --outputs-file" writes: {"STACK": {"OUTPUT": "VALUE"}}',
    );
  }
  const outputs = parsed.data[stackName];
  if (outputs !== undefined) return new Map(Object.entries(outputs));
  const known = Object.keys(parsed.data).join(', ') || 'none';
  throw wrong(`which has no outputs of the stack ${stackName}, only of: ${known}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
