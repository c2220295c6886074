import type { Template } from 'aws-cdk-lib/assertions';

/** One rule of a security group, wherever in the template it stands. */
export interface Rule {
  readonly isIngress: boolean;
  /** A range of addresses, or a security group as JSON. */
  readonly peer: string;
  readonly ports: string;
}

type Values = Readonly<Record<string, unknown>>;

export function rulesOf(template: Template): readonly Rule[] {
  const all = (type: string) =>
    Object.values(template.findResources(`AWS::EC2::SecurityGroup${type}`)).map(
      ({ Properties }) => Properties as Values,
    );
  const inline = (name: string) => all('').flatMap((group) => (group[name] ?? []) as readonly Values[]);
  return [
    ...[...inline('SecurityGroupIngress'), ...all('Ingress')].map((rule) => read(true, rule)),
    ...[...inline('SecurityGroupEgress'), ...all('Egress')].map((rule) => read(false, rule)),
  ];
}

function read(isIngress: boolean, rule: Values): Rule {
  const range = rule['CidrIp'] ?? rule['CidrIpv6'];
  const group = rule[isIngress ? 'SourceSecurityGroupId' : 'DestinationSecurityGroupId'];
  return {
    isIngress,
    peer: typeof range === 'string' ? range : JSON.stringify(group),
    ports: `${String(rule['FromPort'])}-${String(rule['ToPort'])}`,
  };
}
