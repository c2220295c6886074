import { resourcesOf, type Resource, type StackModel } from './stack-model.ts';
import { listOf, textOf, valuesOf, type Values } from './template.ts';

/** One rule of a security group, as it works, wherever it is written. */
export interface Rule {
  /** The id of the group that it belongs to. */
  readonly group: string;
  /** `tcp`, `udp`, `icmp`, ...; `all` for every protocol. */
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  /** A range of addresses, a group's id, or a prefix list. */
  readonly peer: string;
  readonly kind: 'range' | 'group' | 'other';
}

/** What a group lets in: written in the group, or as a resource beside it. */
export function ingressRules(model: StackModel): readonly Rule[] {
  return [
    ...inline(model, 'SecurityGroupIngress', 'Source'),
    ...resourcesOf(model, 'AWS::EC2::SecurityGroupIngress').map(({ properties }) =>
      ruleOf(textOf(properties['GroupId'] ?? properties['GroupName']), properties, 'Source'),
    ),
  ];
}

/**
 * What a group lets out; undefined where nothing is said, and so everything is let out. A rule beside the group takes the place of that as well
 * (https://github.com/aws/aws-cdk/issues/987).
 */
export function egressRules(model: StackModel, group: string): readonly Rule[] | undefined {
  const rules = [
    ...inline(model, 'SecurityGroupEgress', 'Destination'),
    ...resourcesOf(model, 'AWS::EC2::SecurityGroupEgress').map(({ properties }) =>
      ruleOf(textOf(properties['GroupId']), properties, 'Destination'),
    ),
  ].filter((rule) => rule.group === group);
  return rules.length === 0 ? undefined : rules;
}

export function securityGroup(model: StackModel, group: unknown): Resource | undefined {
  return resourcesOf(model, 'AWS::EC2::SecurityGroup').find(({ ref }) => ref === textOf(group));
}

/** "tcp 3306", "tcp 0 to 65535", "every protocol and port" */
export function portsOf({ protocol, from, to }: Rule): string {
  if (protocol === 'all') return 'every protocol and port';
  return from === to ? `${protocol} ${from}` : `${protocol} ${from} to ${to}`;
}

export function covers(rule: Rule, port: number): boolean {
  return (rule.protocol === 'tcp' || rule.protocol === 'all') && rule.from <= port && port <= rule.to;
}

/** May one of these groups be at the other end? A range of addresses may hold them; whether it should be a range is another question. */
export function isPeer({ kind, peer }: Rule, groups: readonly string[]): boolean {
  return kind !== 'group' || groups.includes(peer);
}

/** May a group connect to a port of others? */
export function letsOut(model: StackModel, group: string, others: readonly string[], port: number): boolean {
  const out = egressRules(model, group);
  return !out || out.some((rule) => covers(rule, port) && isPeer(rule, others));
}

function inline(model: StackModel, property: string, side: 'Source' | 'Destination'): readonly Rule[] {
  return resourcesOf(model, 'AWS::EC2::SecurityGroup').flatMap(({ ref, properties }) =>
    listOf(properties[property]).map((rule) => ruleOf(ref, valuesOf(rule), side)),
  );
}

const protocols: Record<string, string> = { '-1': 'all', '6': 'tcp', '17': 'udp', '1': 'icmp' };

function ruleOf(group: string, written: Values, side: 'Source' | 'Destination'): Rule {
  const given = textOf(written['IpProtocol']).toLowerCase();
  const protocol = protocols[given] ?? given;
  const { CidrIp, CidrIpv6, FromPort, ToPort } = written;
  const peerGroup = written[`${side}SecurityGroupId`] ?? written[`${side}SecurityGroupName`];
  const everyPort = protocol === 'all' || FromPort === undefined || Number(FromPort) === -1;
  return {
    group,
    protocol,
    from: everyPort ? 0 : Number(FromPort),
    to: everyPort ? 65_535 : Number(ToPort ?? FromPort),
    peer: textOf(CidrIp ?? CidrIpv6 ?? peerGroup ?? written[`${side}PrefixListId`]),
    kind:
      CidrIp !== undefined || CidrIpv6 !== undefined ? 'range' : peerGroup === undefined ? 'other' : 'group',
  };
}
