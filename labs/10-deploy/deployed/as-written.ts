import { fail } from '@workshop/lab-kit';
import { membersOf } from '../checks/members.ts';
import type { Resource } from '../template/stack-model.ts';
import { isTrue, isValues, listOf, textOf, valuesOf, type Values } from '../template/template.ts';
import type { DeployedCheck } from './deployed-check.ts';
import { demandThere, nameOf } from './running.ts';
import type { Seen } from './seen.ts';

export const asWritten: DeployedCheck = {
  id: 'as-written',
  title: 'The stores are what the template says',
  expected: 'every property of the template that RDS or ElastiCache tells, with the same value',
  hint: 'Somebody changed it by hand, in the console or by a command. Change it back there: CloudFormation does not look at what it has made.',
  judge({ written, names, seen }) {
    const compared = seen.flatMap((each) => {
      demandThere(each);
      const resource = written.resources.find(({ id }) => id === each.id);
      if (!resource) return [];
      const properties = compare(names.inAccount(resource.properties), each);
      if (!each.members) return properties;
      return [...properties, compareMembers(membersOf(written, resource), resource, each)];
    });
    const differing = compared.filter((difference) => difference !== undefined);
    if (differing.length > 0) {
      fail(`${differing.length} of ${compared.length} properties not as written: ${differing.join('; ')}`, {
        mistake: 'changed-by-hand',
        leadsTo: 'The code says one thing and another runs. The next deployment may undo it, or fail by it.',
      });
    }
    return `${compared.length} properties, each as written`;
  },
};

/** For each property that can be compared: how it differs, or undefined. */
function compare(written: Values, seen: Seen): readonly (string | undefined)[] {
  const { service, properties, pending = {} } = seen;
  const both = Object.keys(properties).filter(
    (name) => written[name] !== undefined && properties[name] !== undefined,
  );
  const compared = both.flatMap((name) => {
    // Each parameter by itself: a group has hundreds, and the template gives a few.
    const parts = name === 'Parameters' ? Object.keys(valuesOf(written[name])) : [undefined];
    return parts.map((part) => {
      const of = (values: Values) => (part === undefined ? values[name] : valuesOf(values[name])[part]);
      const is = of(properties);
      if (isAs(name, written, of(written), is)) return undefined;
      return `${part ?? name} of ${nameOf(seen)}: the template says ${shown(of(written))}, ${service} says ${shown(is)}`;
    });
  });
  const toCome = both
    .filter((name) => pending[name] !== undefined && !isAs(name, written, written[name], pending[name]))
    .map(
      (name) =>
        `${name} of ${nameOf(seen)}: the template says ${shown(written[name])}, ${service} will make it ${shown(pending[name])}`,
    );
  return [...compared, ...toCome];
}

/** Alarms and clients know the nodes by their names. */
function compareMembers(written: readonly string[], { ref }: Resource, seen: Seen): string | undefined {
  const { members = [] } = seen;
  const wanted = written.map((member) => seen.name + member.slice(ref.length));
  if (isSame(wanted, members)) return undefined;
  return `nodes of ${nameOf(seen)}: the template says ${wanted.length} (${wanted.join(', ')}), ${seen.service} says ${members.length} (${members.join(', ')})`;
}

function isAs(name: string, template: Values, written: unknown, is: unknown): boolean {
  // The services put in newer versions of the same line, and bigger disks where they may.
  if (name.endsWith('EngineVersion')) return isVersionOf(textOf(written), textOf(is));
  if (name === 'AllocatedStorage' && template['MaxAllocatedStorage'] !== undefined) {
    return Number(is) >= Number(written);
  }
  return isSame(written, is);
}

/** `8.4` and `8.4.7` are met by `8.4.10`, `8` by `8.1`; not by an older one, nor by one of another line. */
function isVersionOf(written: string, is: string): boolean {
  const wanted = written.split('.');
  const parts = is.split('.');
  const last = wanted.length - 1;
  if (last === 0) return parts[0] === wanted[0];
  return (
    wanted.slice(0, last).every((part, index) => part === parts[index]) &&
    Number(parts[last] ?? 0) >= Number(wanted[last])
  );
}

/** What a template says of an object is compared, and no more; lists have no order, texts no capitals. */
function isSame(written: unknown, is: unknown): boolean {
  if (isValues(written)) {
    return Object.entries(written).every(([key, value]) => isSame(value, valuesOf(is)[key]));
  }
  if (Array.isArray(written)) return listed(written) === listed(listOf(is));
  return plain(written) === plain(is);
}

const listed = (items: readonly unknown[]): string => JSON.stringify(items.map(plain).toSorted());

/** `true`, `ON` and `1` are the same to MySQL's parameters, as `'3306'` and `3306` are to CloudFormation. */
function plain(value: unknown): string {
  const text = textOf(value).toLowerCase();
  if (isTrue(text) || text === 'on') return '1';
  return text === 'false' || text === 'off' ? '0' : text;
}

function shown(value: unknown): string {
  if (value === undefined || value === '') return 'nothing';
  return Array.isArray(value) ? value.map(textOf).join(', ') || 'none' : textOf(value);
}
