import { inject, onTestFinished } from 'vitest';
import {
  createMysqlTap,
  createRedisTap,
  type MysqlTap,
  type RedisTap,
  type RedisTapOptions,
} from '../../src/index.ts';
import type { TapOptions } from '../../src/tap.ts';

/** Database numbers of the shared Redis that only this package's tests use. */
export const DATABASE = 14;
/** The one that gets emptied. */
export const EMPTIED_DATABASE = 15;

export function redisUpstream(): { host: string; port: number; password?: string } {
  const { hostname, port, password } = new URL(inject('redisUrl'));
  return { host: hostname, port: Number(port), ...(password && { password: decodeURIComponent(password) }) };
}

export function mysqlUpstream(): { host: string; port: number } {
  const { hostname, port } = new URL(inject('mysqlUrl'));
  return { host: hostname, port: Number(port) };
}

/** A tap before the real Redis, closed when the test is over. With its own login and database unless told otherwise. */
export async function redisTap(options: Partial<RedisTapOptions> = {}): Promise<RedisTap> {
  const { password, ...upstream } = redisUpstream();
  const tap = await createRedisTap({
    upstream,
    database: DATABASE,
    ...(password && { password }),
    ...options,
  });
  onTestFinished(() => tap.close());
  return tap;
}

/** A tap before the real MySQL, closed when the test is over. */
export async function mysqlTap(options: Partial<TapOptions> = {}): Promise<MysqlTap> {
  const tap = await createMysqlTap({ upstream: mysqlUpstream(), ...options });
  onTestFinished(() => tap.close());
  return tap;
}
