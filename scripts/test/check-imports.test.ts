import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findViolations, importsOf } from '../check-imports.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imports-'));
});
afterEach(async () => await rm(folder, { recursive: true }));

async function write(file: string, source: string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), source);
}

describe('imports', () => {
  test.each([
    ['packages/engines/src/a.ts', "import { x } from '@workshop/dataset';"],
    ['packages/cache/src/a.ts', "import type { X } from '@workshop/engines';"],
    ['packages/web/src/a.ts', "export * from '@workshop/lab-kit';"],
    ['packages/dataset/src/a.ts', ['const labs = await import', "('../../../labs/contract.ts');"].join('')],
    ['packages/lab-kit/src/a.ts', "import x from '../../cache/src/index.ts';"],
    ['packages/wiretap/src/a.ts', "import {\n  x,\n  y,\n} from '@workshop/engines';"],
    ['infra/lib/a.ts', "import '@workshop/web';"],
    ['labs/10-x/solution/a.ts', "import { readInfraConfig } from '@workshop/infra/config';"],
    ['labs/10-x/checks.ts', "import { x } from '@workshop/infra';"],
    ['packages/unknown/src/a.ts', "import 'node:fs';"],
  ])('against the arrows are found: %s %s', async (file, source) => {
    await write(file, source);
    expect(await findViolations(folder)).toMatchObject([{ file }]);
  });

  test.each([
    ['packages/web/src/a.ts', "import { createCache } from '@workshop/cache';"],
    ['packages/cache/test/a.test.ts', "import { createRedisTap } from '@workshop/wiretap';"],
    ['labs/02-x/solution/a.ts', "import type { ArticleStore } from '../../contract.ts';"],
    ['labs/10-x/solution/a.ts', "import { Network } from '@workshop/infra/constructs';"],
    ['labs/10-x/test/a.test.ts', "import { readInfraConfig } from '@workshop/infra/config';"],
    ['labs/02-x/work/a.ts', "import '@workshop/engines';"],
    ['packages/cache/src/a.ts', "import { Redis } from 'ioredis';"],
  ])('along them are not: %s %s', async (file, source) => {
    await write(file, source);
    expect(await findViolations(folder)).toEqual([]);
  });

  test('are found however they are written', () => {
    const source = `import a from 'a';\nimport 'b'\nexport { c } from "c";\nawait import('d');\nimport type {\n E } from 'e';`;
    expect(importsOf(source)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});
