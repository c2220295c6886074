import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'MySQL works; the rule for the cache was forgotten, since reads fall back to MySQL.',
  caughtBy: 'reachable',
  named: 'server-shut-out',
  says: ['port 6379 of the cache', '0 rules'],
  change: [
    [
      `    cacheGroup.addIngressRule(serverGroup, ec2.Port.tcp(redisPort), 'Valkey, from the web server');
`,
      ``,
    ],
    [
      `const redisPort = 6379;
`,
      ``,
    ],
  ],
});
