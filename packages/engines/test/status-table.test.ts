import { expect, test } from 'vitest';
import { formatStatus, type EngineStatus } from '../src/index.ts';

const statuses: EngineStatus[] = [
  {
    name: 'mysql',
    state: 'running',
    source: 'native',
    title: 'MariaDB 10.11.19',
    pid: 31_234,
    url: 'mysql://workshop@127.0.0.1:18184/workshop',
  },
  { name: 'redis', state: 'none' },
];

test('one line each where there is room', () => {
  expect(formatStatus(statuses, { columns: 120 })).toBe(
    [
      'ENGINE  STATE            VERSION           SOURCE  PID    URL',
      'mysql   running          MariaDB 10.11.19  native  31234  mysql://workshop@127.0.0.1:18184/workshop',
      'redis   not started yet  -                 -       -',
    ].join('\n'),
  );
});

test('a line more for each URL in a terminal of 80 columns', () => {
  const table = formatStatus(statuses, { columns: 80 });
  expect(table).toBe(
    [
      'ENGINE  STATE            VERSION           SOURCE  PID',
      'mysql   running          MariaDB 10.11.19  native  31234',
      '  mysql://workshop@127.0.0.1:18184/workshop',
      'redis   not started yet  -                 -       -',
    ].join('\n'),
  );
});

test('colour changes no width', () => {
  const paint = (_: unknown, text: string) => `<${text}>`;
  const plain = formatStatus(statuses, { columns: 120 }).replace('STATE            ', 'STATE              ');
  expect(formatStatus(statuses, { columns: 120, paint }).replaceAll(/[<>]/g, ' ').length).toBe(
    plain.length + 2,
  );
});
