import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { compiledFolder, compileProgram } from '../../src/compiled/compile.ts';
import compiled from '../../src/compiled/compiled.cjs';
import { giveModules } from '../../src/compiled/given.ts';
import { scratchFolder } from '../support.ts';

const folder = await scratchFolder();
const name = `test-${process.pid}`;
afterAll(async () => {
  await folder.remove();
  rmSync(join(compiledFolder(), `${name}.json`), { force: true });
});

interface Exports {
  word: string;
  place: string;
  Odd: new () => Error;
}
const load = (file: string) => compiled.loadCompiled(file) as { exports: Exports; saveCodeCache(): void };

test('a program is compiled once, and again when one of its files changes', async () => {
  const part = await folder.write('part.ts', `export const word: string = 'first';`);
  const source = `export { word } from './part.ts'; export const place: string = '';`;
  const program = { name, source, folder: folder.path };
  const first = await compileProgram(program);
  expect(load(first).exports.word).toBe('first');
  expect(await compileProgram(program)).toBe(first);

  writeFileSync(part, `export const word: string = 'second, and longer';`);
  const second = await compileProgram(program);
  expect(second).not.toBe(first);
  expect(load(second).exports.word).toBe('second, and longer');

  // Another source is another program, and a damaged manifest is none.
  expect(await compileProgram({ ...program, source: `${source} ` })).not.toBe(undefined);
  appendFileSync(join(compiledFolder(), `${name}.json`), '{');
  expect(load(await compileProgram(program)).exports.word).toBe('second, and longer');
});

test('it runs the same with a code cache as without', async () => {
  await folder.write('cached.ts', `export class Odd extends Error {} export const word = 'é, 日本, 🦠';`);
  const file = await compileProgram({ name, source: `export * from './cached.ts'`, folder: folder.path });
  const fresh = load(file);
  fresh.saveCodeCache();
  const cached = load(file);
  expect(cached.exports.word).toBe('é, 日本, 🦠');
  expect([fresh.exports.Odd.name, cached.exports.Odd.name]).toEqual(['Odd', 'Odd']);
});

test('its modules know where they stood', async () => {
  const part = await folder.write(
    'deep/place.ts',
    `export const place = new URL('.', import.meta.url).pathname;`,
  );
  const source = `export { place } from './deep/place.ts'`;
  const file = await compileProgram({ name, source, folder: folder.path });
  expect(`${load(file).exports.place}place.ts`).toBe(part);
});

test('a module that is given is the one of this process', async () => {
  class Odd extends Error {}
  giveModules({ 'some-package': () => ({ Odd }) });
  const source = `export { Odd } from 'some-package'`;
  const file = await compileProgram({ name, source, folder: folder.path, given: ['some-package'] });
  expect(load(file).exports.Odd).toBe(Odd);
});

test('what can not be compiled says where', async () => {
  await folder.write('broken.ts', 'export const = 1;');
  const program = { name, source: `export * from './broken.ts'`, folder: folder.path };
  await expect(compileProgram(program)).rejects.toThrow(/broken\.ts:1:13/);
});
