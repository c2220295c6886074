import { expect, it } from 'vitest';
import { describeContract } from './suite.ts';
import { tlsWithAcl } from './topologies.ts';

describeContract('TLS, as a user restricted to its keys and commands', tlsWithAcl, (topology) => {
  it('was refused nothing: a refusal that a read survives would pass unseen', async () => {
    const log = (await topology().onlooker.call('ACL', 'LOG')) as unknown[][];
    const refused = log.map((entry) => entry[entry.indexOf('object') + 1]);
    // ioredis introduces itself. Redis 7.0 has no such command, so that no rule can allow it there; later ones refuse it without harm.
    expect(refused.filter((what) => what !== 'client|setinfo')).toEqual([]);
  });
});
