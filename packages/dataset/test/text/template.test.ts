import { expect, test } from 'vitest';
import { Random } from '../../src/random.ts';
import { compile } from '../../src/text/template.ts';

const slots = { name: (study: { name: string }) => study.name, one: () => '1' };

test('fills each slot in its place', () => {
  const templates = compile(['{name} has {one}.', 'No slot', '{one}{one}'], slots);
  const random = new Random(1);
  expect(templates.map((fill) => fill({ name: 'Ann' }, random))).toEqual(['Ann has 1.', 'No slot', '11']);
});

test.each(['{nobody}', 'open {name'])(
  'refuses %j when the module loads, not when a row comes out',
  (text) => {
    expect(() => compile([text], slots)).toThrow(/No slot/);
  },
);
