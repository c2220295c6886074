import { ofType, refersTo, text, type Resource, type Template } from './template.ts';

/** A port that a security group opens. */
export interface Door {
  /** `6379`, or `6379-6380`. */
  readonly ports: string;
  /** A range of addresses, or the security group's name in the template. */
  readonly from: string;
}

/** What may connect to the things of this type, by the rules of their security groups. */
export function doorsTo(template: Template, type: string): readonly Door[] {
  const things = ofType(template, type);
  const groups = ofType(template, 'EC2::SecurityGroup').filter(({ id }) =>
    things.some((thing) => refersTo(thing.Properties, id)),
  );
  const inline = groups.flatMap(({ Properties }) =>
    ((Properties?.['SecurityGroupIngress'] ?? []) as readonly Resource['Properties'][]).map(ruleOf),
  );
  const rules = ofType(template, 'EC2::SecurityGroupIngress').filter((rule) =>
    groups.some(({ id }) => refersTo(rule.Properties?.['GroupId'], id)),
  );
  return [...inline, ...rules].map((rule) => {
    const first = text(rule, 'FromPort');
    const last = text(rule, 'ToPort');
    const group = ofType(template, 'EC2::SecurityGroup').find(({ id }) =>
      refersTo(rule.Properties?.['SourceSecurityGroupId'], id),
    );
    return { ports: first === last ? first : `${first}-${last}`, from: group?.id ?? text(rule, 'CidrIp') };
  });
}

function ruleOf(properties: Resource['Properties']): Resource {
  return { Type: 'AWS::EC2::SecurityGroupIngress', Properties: properties };
}
