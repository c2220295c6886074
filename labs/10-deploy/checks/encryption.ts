import { fail } from '@workshop/lab-kit';
import { named, resourcesOf, type Resource } from '../template/stack-model.ts';
import { isTrue, listOf, textOf, valuesOf, type Values } from '../template/template.ts';
import { counted, stackCheck, type StackCheck, type Subject } from './lab-check.ts';
import { cachesOf, databasesOf, demandTrue, isServerless } from './parts.ts';
import { launchOf, serversOf } from './servers.ts';

export const inTransit: StackCheck = stackCheck({
  id: 'in-transit',
  title: 'Neither store takes a connection without TLS',
  expected: 'transit encryption required by the cache, require_secure_transport on in MySQL',
  hint: 'GAP 2. One property of the cache; one parameter of MySQL, in a parameter group that the database uses.',
  hints: [
    'What happens to a client that does not ask for TLS: is it refused, or served all the same?',
    "The cache: `transitEncryptionEnabled`, and not the mode `preferred`. MySQL: `require_secure_transport`, by the database's `parameters`.",
    { file: 'workshop-stack.ts', from: 'transitEncryptionEnabled', to: 'transitEncryptionMode' },
  ],
  judge(subject) {
    const plain = {
      leadsTo:
        'Passwords and every row go over the network as text; whoever can listen on the way reads them.',
    };
    for (const cache of cachesOf(subject)) {
      if (isServerless(cache)) continue;
      demandTrue(cache, 'TransitEncryptionEnabled', { mistake: 'cache-without-tls', ...plain });
      const mode = cache.properties['TransitEncryptionMode'] ?? 'required';
      if (mode !== 'required') {
        fail(`TransitEncryptionMode of the cache is ${textOf(mode)}, expected required`, {
          mistake: 'tls-optional',
          ...plain,
        });
      }
    }
    for (const database of databasesOf(subject)) {
      const { DBParameterGroupName, EngineVersion } = database.properties;
      const group = named(subject, DBParameterGroupName, 'AWS::RDS::DBParameterGroup');
      const parameters = valuesOf(group?.properties['Parameters']);
      const value = textOf(parameters['require_secure_transport']);
      if (!/^(?:1|on|true)$/i.test(value)) {
        fail(
          group
            ? `require_secure_transport is ${value || 'not set'} in the database's parameter group, expected 1`
            : 'the database uses no parameter group of this stack, so require_secure_transport is left to the default',
          { mistake: 'mysql-without-tls', ...plain },
        );
      }
      const family = textOf(group?.properties['Family']);
      const version = /^\d+\.\d+/.exec(textOf(EngineVersion))?.[0];
      if (version && family !== `mysql${version}`) {
        fail(`the parameter group is of the family ${family}, the database is MySQL ${version}`, {
          mistake: 'wrong-family',
          leadsTo: 'RDS refuses the group: the deployment is rolled back.',
        });
      }
    }
    return 'TLS required by the cache and by MySQL';
  },
});

export const atRest: StackCheck = stackCheck({
  id: 'at-rest',
  title: 'What is stored is encrypted',
  expected: "the database's storage, the cache, the web server's disk",
  hint: 'GAP 2, and the disk of the server. None of the three is encrypted unless the template says so.',
  hints: [
    'Which of the three disks does the template not call encrypted?',
    '`storageEncrypted` for the database, `atRestEncryptionEnabled` for a replication group, `encrypted` for each volume of the server.',
    { file: 'workshop-stack.ts', from: 'atRestEncryptionEnabled', to: 'atRestEncryptionEnabled' },
  ],
  judge(subject) {
    const unencrypted = {
      mistake: 'not-encrypted-at-rest',
      leadsTo:
        'A snapshot that is shared or copied by mistake can be read by whoever has it. It cannot be switched on later: the store has to be made anew.',
    };
    for (const database of databasesOf(subject)) {
      // A read replica is as its source is.
      if (database.properties['SourceDBInstanceIdentifier']) continue;
      demandTrue(database, 'StorageEncrypted', unencrypted);
    }
    for (const cache of cachesOf(subject)) {
      if (!isServerless(cache)) demandTrue(cache, 'AtRestEncryptionEnabled', unencrypted);
    }
    for (const server of serversOf(subject)) {
      const volumes = volumesOf(subject, server);
      const open = volumes.filter(({ Encrypted }) => !isTrue(Encrypted)).length;
      if (volumes.length === 0) {
        fail('the web server has the disk of its image, which is not encrypted', unencrypted);
      }
      if (open > 0) {
        fail(`${open} of ${counted(volumes.length, 'volume')} of the web server not encrypted`, unencrypted);
      }
    }
    return 'database, cache and disk are encrypted';
  },
});

export const metadata: StackCheck = stackCheck({
  id: 'metadata',
  title: "The web server gives its role's keys only to who asks properly (IMDSv2)",
  expected: 'HttpTokens required',
  hint: 'The starter has it. It is a property of the instance, or of the launch template that it is started from.',
  hints: [
    'Somebody makes your server fetch a URL of their choice. What does http://169.254.169.254/ answer?',
    '`httpTokens: HttpTokens.REQUIRED` of the instance. Then a plain GET is refused.',
    { file: 'workshop-stack.ts', from: '// IMDSv2', to: 'httpTokens' },
  ],
  judge(subject) {
    for (const server of serversOf(subject)) {
      const tokens = valuesOf(launchOf(subject, server)['MetadataOptions'])['HttpTokens'];
      if (tokens === 'required') continue;
      fail(
        `HttpTokens of the web server is ${tokens === undefined ? 'not set' : textOf(tokens)}, expected required`,
        {
          mistake: 'imds-v1',
          leadsTo:
            'One page that fetches a URL for a visitor is enough: they have it fetch the keys of the role.',
        },
      );
    }
    return 'IMDSv2 only';
  },
});

/** What the server's block devices are made of, and every volume that is made beside it. */
function volumesOf(subject: Subject, server: Resource): readonly Values[] {
  const devices = listOf(launchOf(subject, server)['BlockDeviceMappings'])
    .map((mapping) => valuesOf(mapping)['Ebs'])
    .filter((volume) => volume !== undefined);
  if (devices.length === 0) return [];
  return [
    ...devices.map(valuesOf),
    ...resourcesOf(subject, 'AWS::EC2::Volume').map(({ properties }) => properties),
  ];
}
