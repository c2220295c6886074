import { Readable } from 'node:stream';
import { createTestDatabase, testKeyPrefix } from '@workshop/engines/test-space';
import { Redis } from 'ioredis';
import { createConnection } from 'mysql2/promise';
import { inject } from 'vitest';
import { createMysqlTap, createRedisTap } from '../../src/index.ts';
import { captureBefore } from './capture.ts';
import type { Run } from './offline.ts';
import { DATABASE, mysqlUpstream, redisUpstream } from './taps.ts';

/** What a client and the real Redis said to each other over many kinds of commands, as the tap before it passed it on. */
export async function redisConversation(protocol: 2 | 3): Promise<Run[]> {
  const { password, ...upstream } = redisUpstream();
  const captured = await captureBefore(upstream);
  const tap = await createRedisTap({ upstream: { host: '127.0.0.1', port: captured.port } });
  const prefix = testKeyPrefix();
  const client = new Redis({
    host: tap.host,
    port: tap.port,
    protocol,
    db: DATABASE,
    ...(password && { password }),
  });
  try {
    await client.set(`${prefix}a`, Buffer.from([0, 13, 10, 255]), 'EX', 60);
    await client.getBuffer(`${prefix}a`);
    await client.get(`${prefix}none`);
    await client.set(`${prefix}long`, 'x'.repeat(5000), 'EX', 60);
    await client.get(`${prefix}long`);
    await client.hset(`${prefix}h`, { name: 'Åre', people: '1417' });
    await client.expire(`${prefix}h`, 60);
    await client.hgetall(`${prefix}h`);
    await client.incr(`${prefix}h`).catch(() => undefined);
    await client.pipeline().get(`${prefix}a`).incr(`${prefix}n`).expire(`${prefix}n`, 60).exec();
    await client.multi().incr(`${prefix}n`).hget(`${prefix}h`, 'name').get(`${prefix}none`).exec();
    await client
      .multi()
      .lpush(`${prefix}h`, 'x')
      .exec()
      .catch(() => undefined);
    await client.eval('return {KEYS[1], ARGV[1], {1, false}}', 1, `${prefix}a`, 'arg');
    await client.subscribe(`${prefix}c1`, `${prefix}c2`);
    await client.psubscribe(`${prefix}*`);
    await client.unsubscribe(`${prefix}c1`, `${prefix}c2`);
    await client.punsubscribe();
    await client.ping();
    await client.quit();
  } finally {
    client.disconnect();
    await tap.close();
    await captured.close();
  }
  return captured.runs;
}

/** The same with the real MySQL. */
export async function mysqlConversation(): Promise<Run[]> {
  const database = await createTestDatabase(inject('mysqlUrl'));
  const captured = await captureBefore(mysqlUpstream());
  const tap = await createMysqlTap({ upstream: { host: '127.0.0.1', port: captured.port } });
  const client = await createConnection({ uri: tap.url(database.url), multipleStatements: true });
  try {
    await client.query('CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(50), data LONGBLOB)');
    await client.query('INSERT INTO t (name) VALUES (?), (?), (NULL)', ['Åre', 'Ålesund']);
    await client.query('SELECT * FROM t; SELECT 1 AS one; UPDATE t SET name = "x"');
    await client.execute('INSERT INTO t (name, data) VALUES (?, ?)', ['y', Buffer.alloc(5000, 255)]);
    const statement = await client.prepare('SELECT name, data FROM t WHERE id > ?');
    await statement.execute([0]);
    await statement.execute([100]);
    await statement.close();
    await client.query('SELECT nothing FROM t').catch(() => undefined);
    await client.query({
      sql: "LOAD DATA LOCAL INFILE 'names' INTO TABLE t (name)",
      infileStreamFactory: () => Readable.from([Buffer.from('a\nb\n'), Buffer.from('c\n')]),
    });
    await client.query('CREATE PROCEDURE p() BEGIN SELECT COUNT(*) FROM t; SELECT 2; END');
    await client.query('CALL p()');
    await client.beginTransaction();
    await client.rollback();
    await client.ping();
    await client.changeUser({});
    await client.end();
  } finally {
    client.destroy();
    await tap.close();
    await captured.close();
    await database.drop();
  }
  return captured.runs;
}
