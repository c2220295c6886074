import { describe, expect, it } from 'vitest';
import { defaultGuard, type GuardVerdict } from '../../src/redis/guard.ts';

function judge(line: string): GuardVerdict {
  const [name = '', ...args] = line.split(' ');
  return defaultGuard(
    name,
    args.map((arg) => Buffer.from(arg)),
  );
}

describe('defaultGuard', () => {
  it.each([
    'SHUTDOWN NOSAVE',
    'SWAPDB 0 1',
    'MOVE key 3',
    'COPY a b DB 3',
    'COPY a b replace db 3',
    'CONFIG SET maxmemory 1mb',
    'CONFIG REWRITE',
    'DEBUG SLEEP 1',
    'REPLICAOF no one',
    'CLUSTER NODES',
    'MIGRATE host 1 key 0 100',
    'ACL SETUSER x',
    'MODULE LIST',
    'SCRIPT FLUSH',
    'FUNCTION FLUSH',
    'BGSAVE',
    'MONITOR',
    'CLIENT KILL ID 3',
    'CLIENT PAUSE 100',
    "EVAL redis.call('FLUSHALL') 0",
    'EVAL redis.pcall("config",\'set\') 0',
    "SCRIPT LOAD redis.call(\t'SwapDB',0,1)",
    "FUNCTION LOAD REPLACE #!lua\nredis.call('select',3)",
  ])('refuses %s', (line) => {
    expect(judge(line)).toEqual({ refuse: expect.stringMatching(/^ERR the wiretap does not pass on /) });
  });

  it.each([
    'GET key',
    'COPY a b REPLACE',
    'COPY db b',
    'CONFIG GET maxmemory',
    'CLIENT SETINFO LIB-NAME x',
    'CLIENT ID',
    'CLIENT LIST',
    'CLIENT TRACKING ON',
    'ACL WHOAMI',
    'FLUSHDB',
    'SCRIPT EXISTS x',
    "EVAL redis.call('HSET',KEYS[1],'config','1') 1 key",
    'EVALSHA sha 0',
  ])('passes %s', (line) => {
    expect(judge(line)).toBe('pass');
  });

  it('makes FLUSHALL the FLUSHDB of this database', () => {
    expect(judge('FLUSHALL ASYNC')).toEqual({ rewrite: ['FLUSHDB', Buffer.from('ASYNC')] });
  });
});
