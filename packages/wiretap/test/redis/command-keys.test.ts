import { describe, expect, it } from 'vitest';
import { commandKeys } from '../../src/redis/command-keys.ts';

function keys(line: string): string[] {
  const [name = '', ...args] = line.split(' ');
  const event = { store: 'redis', kind: 'command', seq: 0, connection: 1, startedAt: 0 } as const;
  return commandKeys({ ...event, name, args: args.map((arg) => Buffer.from(arg)) });
}

describe('commandKeys', () => {
  it.each<[string, string[]]>([
    ['GET a', ['a']],
    ['SET a value EX 10', ['a']],
    ['HSET a field value', ['a']],
    ['DEL a b c', ['a', 'b', 'c']],
    ['MSET a 1 b 2', ['a', 'b']],
    ['PING', []],
    ['PUBLISH channel text', []],
    ['KEYS *', []],
    ['EVAL script 2 a b arg', ['a', 'b']],
    ['EVALSHA sha 0 arg', []],
    ['FCALL f 1 a', ['a']],
    ['ZUNIONSTORE a 2 b c WEIGHTS 1 2', ['a', 'b', 'c']],
    ['SINTERCARD 2 a b LIMIT 1', ['a', 'b']],
    ['BLPOP a b 0', ['a', 'b']],
    ['BLMPOP 0 2 a b LEFT', ['a', 'b']],
    ['XREAD COUNT 2 streams a b 0 0', ['a', 'b']],
    ['OBJECT ENCODING a', ['a']],
    ['RENAME a b', ['a', 'b']],
    ['BITOP AND a b c', ['a', 'b', 'c']],
    ['NEWCOMMAND a b', ['a']],
  ])('finds those of %s', (line, expected) => {
    expect(keys(line)).toEqual(expected);
  });
});
