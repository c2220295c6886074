import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labFolders, storeFile, type Verdict } from '@workshop/lab-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { $ } from 'zx';
import { labsRoot } from '../src/labs.ts';
import { root } from '../src/root.ts';

const folders = labFolders(labsRoot, { id: '02', name: 'cache-aside' });
let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lab verify '));
});
afterAll(async () => await rm(scratch, { recursive: true }));

/** As a learner's shell would run it, with no terminal. */
async function lab(...args: string[]) {
  const output = await $({
    cwd: root,
    nothrow: true,
    quiet: true,
    input: '',
  })`node scripts/run.mjs lab ${args}`;
  return { code: output.exitCode, stdout: output.stdout, stderr: output.stderr };
}

/** Somebody's folder, outside the workspace: the starter with its file replaced. */
async function folderWith(name: string, source?: string): Promise<string> {
  const folder = join(scratch, name);
  await cp(folders.starter, folder, { recursive: true });
  if (source !== undefined) await writeFile(join(folder, storeFile), source);
  return folder;
}

describe.concurrent('lab:verify', { timeout: 120_000 }, () => {
  test('passes the solution, exit code 0', async () => {
    const { code, stdout } = await lab('verify', '02', '--solution');
    expect(stdout).toMatch(/Lab 02 is done: (\d+) of \1 checks pass/);
    expect(code).toBe(0);
  });

  test('fails the untouched starter by an assertion, exit code 1', async () => {
    const { code, stdout, stderr } = await lab('verify', '2', '--dir', await folderWith('starter'));
    expect(stdout).toContain("5 times search('delta', 10): expected 1 SELECT, saw 5; nothing");
    expect(stdout).toContain('SELECT * FROM articles');
    expect(stderr).not.toMatch(/Error|^\s+at /m);
    expect(code).toBe(1);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test.each([
    ['an endless loop', 'for (;;);', 'a loop that does not end'],
    ['a thrown error', "throw new Error('my mistake');", 'Error: my mistake (at '],
    ['a syntax error', 'export function createArticleStore({', 'syntax error: '],
    ['process.exit(0)', 'process.exit(0);', 'exit code 0: did it call process.exit()?'],
  ])('ends with a message that helps on %s', async (name, source, message) => {
    const folder = await folderWith(name.replace(/\W/g, '-'), source);
    const { code, stdout } = await lab('verify', '02', '--dir', folder, '--json');
    const verdict = JSON.parse(stdout) as Verdict;
    expect(verdict.checks[0]?.observed).toContain(message);
    expect(verdict).toMatchObject({ lab: '02', passed: false });
    expect(code).toBe(1);
  });

  test('prints JSON of the agreed shape, and nothing else', async () => {
    const { stdout } = await lab('verify', '02', '--json', '--dir', await folderWith('json'));
    const verdict = JSON.parse(stdout) as Verdict;
    expect(Object.keys(verdict)).toEqual(['lab', 'passed', 'durationMs', 'checks', 'transcript']);
    for (const check of verdict.checks) {
      expect(check).toMatchObject({
        id: expect.any(String),
        title: expect.any(String),
        passed: expect.any(Boolean),
        expected: expect.any(String),
        observed: expect.any(String),
        hint: expect.any(String),
      });
    }
    expect(verdict.transcript).toContainEqual(
      expect.objectContaining({ lane: 'mysql', check: 'second-read' }),
    );
  });

  test('names the file as the learner knows it', async () => {
    const folder = await folderWith('named', "throw new Error('here');");
    const { stdout } = await lab('verify', '02', '--dir', folder);
    expect(stdout.replace(/\n\s+/g, ' ')).toContain(join(folder, storeFile));
  });

  test.each([
    [['verify', '99'], 'There is no lab 99. There are: 01, 02'],
    [['verify', '02', '--fast'], 'Not understood: --fast'],
    [['verify', '02', '--dir', '/no/such/folder'], 'There is no folder /no/such/folder'],
    [['verify', '--dir', '.'], '--dir needs a lab'],
    [['verify', '02', '--dir', '.', '--solution'], 'not both'],
    [['goto'], 'Which lab?'],
    [['watch', '99'], 'There is no lab 99'],
    [['demo', '02', '--loud'], 'Not understood: --loud'],
    [['dance'], 'pnpm lab:verify'],
  ])('says what is wrong with %j', async (args, message) => {
    const { code, stderr } = await lab(...args);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(code).not.toBe(0);
  });
});

test('the starter of lab 02 is typed and has its gaps marked', async () => {
  const source = await readFile(join(folders.starter, storeFile), 'utf8');
  expect(source.match(/GAP \d/g)).toEqual(['GAP 1', 'GAP 2', 'GAP 3', 'GAP 4']);
});
