import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'It is a URL of Redis like any other.',
  caughtBy: 'every-node',
  named: 'does-not-follow',
  says: ['MOVED'],
  change: [
    [`import { Cluster } from 'ioredis';`, `import { Redis, type Cluster } from 'ioredis';`],
    [
      `const primaries = new Cluster(nodes, { ...options, scaleReads: 'master' });`,
      'const primaries = new Redis(redisUrl, options.redisOptions) as unknown as Cluster;',
    ],
    [
      `const replicas = new Cluster(nodes, { ...options, scaleReads: 'slave' });`,
      'const replicas = primaries;',
    ],
    ['const nodes = [{ host, port: Number(port || 6379) }];', 'void [host, port];'],
    [
      `await Promise.all(primaries.nodes('master').map(async (node) => await node.info()))`,
      '[await primaries.info()]',
    ],
  ],
});
