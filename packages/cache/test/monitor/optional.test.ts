import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const SRC = new URL('../../src/', import.meta.url);
const IMPORT = /^(?:import|export)\s(?!type\b)[^;]*?from '([^']+)'/gm;

/** The packages that a module and all it imports load when they run. */
async function packagesOf(entry: URL, seen = new Set<string>()): Promise<Set<string>> {
  const packages = new Set<string>();
  if (seen.has(entry.href)) return packages;
  seen.add(entry.href);
  const code = await readFile(entry, 'utf8');
  for (const [, specifier = ''] of code.matchAll(IMPORT)) {
    if (!specifier.startsWith('.')) packages.add(specifier);
    else for (const name of await packagesOf(new URL(specifier, entry), seen)) packages.add(name);
  }
  return packages;
}

describe('optional packages', () => {
  it('are not loaded by the cache itself', async () => {
    const packages = await packagesOf(new URL('index.ts', SRC));
    expect(packages).toContain('ioredis');
    expect([...packages].filter((name) => /^prom-client|^@opentelemetry\//.test(name))).toEqual([]);
  });

  it('are loaded by nothing but what is made for them', async () => {
    const loaded = async (module: string) => [...(await packagesOf(new URL(`monitor/${module}.ts`, SRC)))];
    expect(await loaded('opentelemetry')).toContain('@opentelemetry/api');
    // Types only: the registry that is passed in brings the code along.
    expect(await loaded('prometheus')).not.toContain('prom-client');
    expect(await loaded('emf')).toEqual(['node:util']);
  });
});
