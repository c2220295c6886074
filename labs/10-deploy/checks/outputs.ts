import { fail } from '@workshop/lab-kit';
import { resourcesOf, type Resource } from '../template/stack-model.ts';
import { stackCheck, type StackCheck, type Subject } from './lab-check.ts';
import { cachesOf, databasesOf, isClustered, isServerless } from './parts.ts';
import { secretOf } from './secret-of.ts';
import { balancersOf, instancesOf } from './servers.ts';

export const outputs: StackCheck = stackCheck({
  id: 'outputs',
  title: 'The outputs say where everything is',
  expected: 'secretname, mysqlendpoint, redisendpoint and webserverpublicip, each with its value',
  hint: 'GAP 5. An output made inside another construct gets the name of that construct before its own.',
  hints: [
    'What are your outputs called in the template, and which value would a client connect to?',
    "`new CfnOutput(this, 'secret_name', { value })` in the stack itself becomes `secretname`. The cache's endpoint is the one that takes writes.",
    { file: 'workshop-stack.ts', from: "'secret_name'", to: "'webserver_public_ip'" },
  ],
  judge(subject) {
    const wanted = expectedOutputs(subject);
    const names = Object.keys(subject.outputs);
    const missing = Object.keys(wanted).filter((name) => !names.includes(name));
    if (missing.length > 0) {
      fail(
        `${missing.length} of ${Object.keys(wanted).length} outputs missing: ${missing.join(', ')}; there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ') || 'none'}`,
        {
          mistake: 'output-missing',
          leadsTo:
            'The demo looks them up by name and does not start; people copy endpoints from the console.',
        },
      );
    }
    for (const [name, { what, values }] of Object.entries(wanted)) {
      const value = subject.outputs[name] ?? '';
      if (values.includes(value)) continue;
      fail(`the output ${name} is ${value ? JSON.stringify(value) : 'empty'}, expected ${what}`, {
        mistake: 'wrong-output',
        leadsTo: 'The demo connects to nothing, or to what takes no writes.',
      });
    }
    return Object.keys(wanted).join(', ');
  },
});

interface Expected {
  readonly what: string;
  readonly values: readonly string[];
}

/** What each output may be. */
export function expectedOutputs(subject: Subject): Record<string, Expected> {
  const databases = databasesOf(subject).filter(
    ({ properties }) => !properties['SourceDBInstanceIdentifier'],
  );
  const secrets = databases.flatMap((database) => secretOf(subject, database) ?? []);
  return {
    secretname: {
      what: "the name or the ARN of the database's secret",
      values: secrets.flatMap(({ name, arn }) => [name, arn]),
    },
    mysqlendpoint: {
      what: "the database's endpoint address, with or without its port",
      values: databases.flatMap((database) => endpoint(database, 'Endpoint')),
    },
    redisendpoint: {
      what: "the cache's endpoint for reads and writes, with or without its port",
      values: cachesOf(subject).flatMap((cache) =>
        endpoint(
          cache,
          isServerless(cache)
            ? 'Endpoint'
            : isClustered(subject, cache)
              ? 'ConfigurationEndPoint'
              : 'PrimaryEndPoint',
        ),
      ),
    },
    ...siteOutput(subject),
  };
}

/** Where the site is: at its server, or at the load balancer of servers that come and go. */
function siteOutput(subject: Subject): Record<string, Expected> {
  const instances = instancesOf(subject);
  if (instances.length === 0) {
    return {
      webserverurl: {
        what: "the load balancer's name, as a URL",
        values: balancersOf(subject).flatMap(({ resource }) => {
          const name = resource.attribute('DNSName');
          return [`http://${name}`, `https://${name}`];
        }),
      },
    };
  }
  return {
    webserverpublicip: {
      what: "the web server's public IP address",
      values: instances.flatMap((server) => [
        server.attribute('PublicIp'),
        ...resourcesOf(subject, 'AWS::EC2::EIP')
          .filter((address) => isFor(subject, address, server))
          .map(({ ref }) => ref),
      ]),
    },
  };
}

function endpoint(resource: Resource, name: string): readonly string[] {
  const address = resource.attribute(`${name}.Address`);
  return [address, `${address}:${resource.attribute(`${name}.Port`)}`];
}

/** Does an address that is kept belong to the server? Said by itself, or by an association. */
function isFor(subject: Subject, address: Resource, server: Resource): boolean {
  const associations = resourcesOf(subject, 'AWS::EC2::EIPAssociation')
    .map(({ properties }) => properties)
    .filter(
      ({ EIP, AllocationId }) => EIP === address.ref || AllocationId === address.attribute('AllocationId'),
    );
  return [address.properties, ...associations].some(({ InstanceId }) => InstanceId === server.ref);
}
