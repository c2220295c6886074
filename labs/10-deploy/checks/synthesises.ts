import { fail } from '@workshop/lab-kit';
import { resourcesOf } from '../template/stack-model.ts';
import { textOf } from '../template/template.ts';
import { stackCheck, visited, type StackCheck, counted } from './lab-check.ts';
import { cachesOf, databasesOf } from './parts.ts';
import { serversOf } from './servers.ts';

const parts: StackCheck = stackCheck({
  id: 'synthesises',
  title: 'The stack synthesises offline: a database, a cache, a web server',
  expected: 'one template with an RDS DB instance for MySQL, an ElastiCache cache and an EC2 instance',
  hint: 'The starter has all three. What became of them?',
  hints: [
    'Which of the three is missing, or which name in your template is not the name of anything in it?',
    'Everything is made in the constructor of WorkshopStack, in this one stack, and nothing is looked up in an account.',
    { file: 'workshop-stack.ts', from: 'const database = new', to: 'databaseName' },
  ],
  judge(subject) {
    const [problem] = subject.problems;
    if (problem) {
      fail(`CloudFormation would refuse the template: ${problem}`, {
        mistake: 'broken-reference',
        leadsTo:
          'The deployment fails in its first second, or after ten minutes, when it comes to that resource.',
      });
    }
    const nested = resourcesOf(subject, 'AWS::CloudFormation::Stack').length;
    if (nested > 0) fail(`the template holds ${counted(nested, 'nested stack')}, expected none`);
    const databases = databasesOf(subject);
    const caches = cachesOf(subject);
    const servers = serversOf(subject);
    if (databases.length === 0 || servers.length === 0) {
      fail(
        `${counted(databases.length, 'RDS DB instance')} and ${counted(servers.length, 'EC2 instance')} in the template`,
      );
    }
    const engine = textOf(databases[0]?.properties['Engine']);
    if (engine !== 'mysql' && !databases[0]?.properties['SourceDBInstanceIdentifier']) {
      fail(`the database's engine is ${engine || 'not set'}, expected mysql`);
    }
    const clusters = resourcesOf(subject, 'AWS::ElastiCache::CacheCluster').length;
    if (caches.length !== 1 || clusters > 0) {
      fail(
        `${counted(caches.length, 'replication group or serverless cache')} and ${counted(clusters, 'cache cluster')} in the template, expected one of the first`,
        {
          mistake: 'cache-cluster',
          leadsTo:
            'A cache cluster of one Redis node cannot be encrypted at rest, and has no primary endpoint.',
        },
      );
    }
    const cacheEngine = textOf(caches[0]?.properties['Engine'] ?? 'redis');
    if (cacheEngine === 'memcached') fail("the cache's engine is memcached, expected valkey or redis");
    return `${counted(subject.resources.length, 'resource')}, with a database, a cache and a web server`;
  },
});

export const synthesises: StackCheck = {
  ...parts,
  async run(context) {
    for (const props of [visited, {}]) {
      const { stacks, lookUps } = await context.store.synth({ ...props });
      if (lookUps.length > 0) {
        fail(`CDK wants to look up ${lookUps.join(', ')} in an account`, {
          mistake: 'look-up',
          leadsTo:
            'It can be synthesised only by somebody with an account, and gives another template in each.',
        });
      }
      if (stacks !== 1) fail(`the app holds ${counted(stacks, 'stack')}, expected 1`);
    }
    return await parts.run(context);
  },
};
