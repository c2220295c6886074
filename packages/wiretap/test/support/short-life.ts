import { Redis } from 'ioredis';
import { createConnection } from 'mysql2/promise';
import { createMysqlTap, createRedisTap, WireRecord } from '../../src/index.ts';

/**
 * A program that opens both taps, uses them, and closes them in the middle of everything: held requests, delays,
 * clients that still wait. It says so on its way, and must then end by itself.
 */
const [mysqlUrl = '', redisUrl = ''] = process.argv.slice(2);
const record = new WireRecord();
const redisAt = new URL(redisUrl);
const mysqlAt = new URL(mysqlUrl);
const redisTap = await createRedisTap({
  upstream: { host: redisAt.hostname, port: Number(redisAt.port) },
  record,
});
const mysqlTap = await createMysqlTap({
  upstream: { host: mysqlAt.hostname, port: Number(mysqlAt.port) },
  record,
});

const redis = new Redis(redisTap.url(redisUrl), { retryStrategy: () => null, maxRetriesPerRequest: 0 });
redis.on('error', () => undefined);
const mysql = await createConnection(mysqlTap.url(mysqlUrl));
mysql.on('error', () => undefined);
await redis.ping();
await mysql.ping();

redisTap.weather.delay(3_600_000);
mysqlTap.weather.hang();
const lost = [redis.ping(), mysql.ping()].map((asked) => asked.catch(() => undefined));
await record.waitFor(({ store, kind }) => store === 'mysql' && kind === 'ping', { timeoutMs: 10_000 });
await Promise.all([redisTap.close(), mysqlTap.close()]);
await Promise.all(lost);
console.log(`closed after ${record.events.length > 0 ? 'some' : 'no'} events`);
