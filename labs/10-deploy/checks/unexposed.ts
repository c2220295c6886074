import { fail } from '@workshop/lab-kit';
import { textOf } from '../template/template.ts';
import { counted, stackCheck, type StackCheck } from './lab-check.ts';
import { isPublic, storesOf } from './parts.ts';

export const unexposed: StackCheck = stackCheck({
  id: 'private',
  title: 'Database and cache have no address on the internet',
  expected: 'PubliclyAccessible false, and subnets without a route to an internet gateway',
  hint: 'The starter has both right. RDS takes a missing PubliclyAccessible for true in a network with an internet gateway.',
  hints: [
    'In which subnets are the stores, and where does the route table of those send what leaves the network?',
    'A subnet of the type PRIVATE_ISOLATED has no way out and no way in. `publiclyAccessible: false` has to be written.',
    { file: 'workshop-stack.ts', from: 'const database = new', to: 'publiclyAccessible' },
  ],
  judge(subject) {
    const exposed = {
      mistake: 'public-store',
      leadsTo:
        'One rule too many, and the database can be reached from everywhere: nothing else stands before it.',
    };
    for (const { called, resource, subnets } of storesOf(subject)) {
      if (resource.type === 'AWS::RDS::DBInstance') {
        const value = resource.properties['PubliclyAccessible'];
        if (value !== false && value !== 'false') {
          fail(
            `PubliclyAccessible of the database is ${value === undefined ? 'not set' : textOf(value)}, expected false`,
            exposed,
          );
        }
      }
      if (subnets === undefined && !resource.properties['SourceDBInstanceIdentifier']) {
        fail(`${called} is in no subnet of this stack, and so in the account's default network`, exposed);
      }
      const open = (subnets ?? []).filter((subnet) => isPublic(subject, subnet));
      if (open.length > 0) {
        fail(
          `${called} may be put into ${counted(open.length, 'subnet')} with a route to an internet gateway, expected 0`,
          exposed,
        );
      }
    }
    return 'no public address, no route to or from the internet';
  },
});
