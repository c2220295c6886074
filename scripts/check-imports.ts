import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { glob } from 'zx';
import { root } from './src/root.ts';

/**
 * Which workspace packages each may import in its source, as docs/architecture.md draws it. Tests, benches, examples and
 * a package's own scripts may use more (`inTests`), since nothing imports them. `infra/constructs` is that part of `infra` and no other.
 */
const allowed: Record<string, { inSource: string[]; inTests?: string[] }> = {
  'packages/engines': { inSource: [] },
  'packages/wiretap': { inSource: [], inTests: ['engines'] },
  'packages/dataset': { inSource: ['engines'] },
  'packages/cache': { inSource: [], inTests: ['engines', 'wiretap'] },
  'packages/web': { inSource: ['cache', 'dataset'], inTests: ['engines', 'wiretap'] },
  'packages/lab-kit': { inSource: ['dataset', 'engines', 'wiretap'] },
  labs: { inSource: ['cache', 'dataset', 'lab-kit', 'infra/constructs'], inTests: ['engines', 'infra'] },
  infra: { inSource: [], inTests: ['cache', 'engines', 'web'] },
  scripts: { inSource: ['dataset', 'engines', 'lab-kit', 'web', 'classroom', 'cache', 'wiretap'] },
};

export interface Violation {
  file: string;
  specifier: string;
  why: string;
}

/** Finds imports that run against the arrows, reach past a package's `exports`, or leave it by a relative path. */
export async function findViolations(folder = root): Promise<Violation[]> {
  const files = await glob(
    ['packages/*/**/*.{ts,mts,mjs}', 'labs/**/*.ts', 'infra/**/*.ts', 'scripts/**/*.{ts,mjs}'],
    {
      cwd: folder,
      ignore: ['**/node_modules/**', '**/dist/**', 'labs/*/{work,.checked}/**'],
    },
  );
  const found: Violation[] = [];
  for (const file of files.toSorted()) {
    const source = await readFile(join(folder, file), 'utf8');
    for (const specifier of importsOf(source)) {
      const why = judge(file, specifier);
      if (why) found.push({ file, specifier, why });
    }
  }
  return found;
}

function judge(file: string, specifier: string): string | undefined {
  const home = homeOf(file);
  const rule = allowed[home];
  if (!rule) return `${home} has no entry in scripts/check-imports.ts`;
  if (specifier.startsWith('.')) {
    const target = relative('.', resolve('.', dirname(file), specifier));
    return homeOf(target) === home ? undefined : `a relative path into ${homeOf(target)}; import the package`;
  }
  if (!specifier.startsWith('@workshop/')) return undefined;
  const name = specifier.split('/')[1] ?? '';
  const inTests = /\/(test|bench|examples)\/|^packages\/[^/]+\/scripts\/|vitest\.config/.test(file);
  const may = [...rule.inSource, ...(inTests ? (rule.inTests ?? []) : [])];
  if (inTests && specifier.startsWith('@workshop/engines/')) return undefined;
  const isAllowed = may.includes(name) || may.includes(specifier.slice('@workshop/'.length));
  return isAllowed || home === `packages/${name}`
    ? undefined
    : `${home} may import: ${may.join(', ') || 'no other package'}`;
}

function homeOf(file: string): string {
  const [first = '', second = ''] = file.split('/');
  return first === 'packages' ? `${first}/${second}` : first;
}

/** Static, dynamic and type imports and re-exports. A text that looks like one in a string only makes it stricter. */
export function importsOf(source: string): string[] {
  const pattern =
    /(?:^|[\s;}])(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g;
  return [...source.matchAll(pattern)].flatMap((match) => match[1] ?? match[2] ?? []);
}

export async function main(): Promise<number> {
  const violations = await findViolations();
  for (const { file, specifier, why } of violations) console.error(`${file}: imports ${specifier}: ${why}`);
  if (violations.length === 0) console.log('Imports flow one way.');
  return violations.length === 0 ? 0 : 1;
}
