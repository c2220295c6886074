/** AWS's Query protocol, as far as the tests need it: a form goes in, XML comes out. */

/** An error as the protocol writes it. */
export interface FakeError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** What a list's items are called; elsewhere they are `member`. As the services' models say. */
const items: Readonly<Record<string, string>> = {
  CacheClusters: 'CacheCluster',
  DBInstances: 'DBInstance',
  DBParameterGroups: 'DBParameterGroup',
  MemberClusters: 'ClusterId',
  NodeGroups: 'NodeGroup',
  Parameters: 'Parameter',
  ReplicationGroups: 'ReplicationGroup',
  SecurityGroupIds: 'SecurityGroupId',
  SubnetIds: 'SubnetId',
  VpcSecurityGroups: 'VpcSecurityGroupMembership',
};

export function answerXml(action: string, answer: object): string {
  return element(`${action}Response`, element(`${action}Result`, xmlOf('', answer)));
}

export function errorXml({ code, message }: FakeError): string {
  const error = { Type: 'Sender', Code: code, Message: message };
  return element('ErrorResponse', xmlOf('', { Error: error, RequestId: '1' }));
}

function xmlOf(name: string, value: unknown): string {
  if (Array.isArray(value)) {
    return value.map((item) => element(items[name] ?? 'member', xmlOf('', item))).join('');
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .filter(([, content]) => content !== undefined)
      .map(([key, content]) => element(key, xmlOf(key, content)))
      .join('');
  }
  return String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}
