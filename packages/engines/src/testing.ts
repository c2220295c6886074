import type { TestProject } from 'vitest/node';
import { enginesUp } from './engines-up.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** `mysql://user:password@host:port/database` */
    mysqlUrl: string;
    /** `redis://:password@host:port/0` */
    redisUrl: string;
  }
}

export type { ProvidedContext } from 'vitest';

/**
 * A vitest global setup: real engines are up before the first test, and a test asks for them with `inject('mysqlUrl')`
 * and `inject('redisUrl')`. They are left running, so the next run starts at once.
 */
export default async function setup(project: TestProject): Promise<void> {
  const engines = await enginesUp({ onProgress: (line) => console.log(line) });
  project.provide('mysqlUrl', engines.mysqlUrl);
  project.provide('redisUrl', engines.redisUrl);
}
