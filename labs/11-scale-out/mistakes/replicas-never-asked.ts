import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A client for the cluster is a client for the cluster.',
  caughtBy: 'replicas',
  named: 'replicas-idle',
  says: ['0 reading commands on the replicas'],
  change: [
    [
      `const replicas = new Cluster(nodes, { ...options, scaleReads: 'slave' });`,
      'const replicas = primaries;',
    ],
  ],
});
