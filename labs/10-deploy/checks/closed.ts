import { fail } from '@workshop/lab-kit';
import { ingressRules, portsOf, type Rule } from '../template/security-rules.ts';
import { balancerGroups, groupsOf, serverGroups, sitePort } from './groups.ts';
import { counted, stackCheck, type StackCheck, type Subject } from './lab-check.ts';
import { storesOf } from './parts.ts';
import { balancersOf } from './servers.ts';

export const closed: StackCheck = stackCheck({
  id: 'closed',
  title: 'Nobody else reaches anything',
  expected: `database and cache: the web server's group on their port; the web server: \`visitors\` on port ${sitePort}; nothing else`,
  hint: 'GAP 1. Look at every rule: who is let in, and to which ports?',
  hints: [
    'For each rule: who is it for, and would they still get in if the rule were narrower?',
    'A store lets in a security group, not a range of addresses; the server lets in `props.visitors` on one port, and nobody without it.',
    { file: 'workshop-stack.ts', from: 'databaseGroup.addIngressRule', to: 'the site, for its visitors' },
  ],
  judge(subject) {
    const servers = serverGroups(subject);
    const balancers = balancerGroups(subject);
    const stores = storesOf(subject).map((store) => ({
      ...store,
      groups: groupsOf(subject, store.called, store.securityGroups),
    }));
    const rules = ingressRules(subject);
    for (const rule of rules) {
      const behind = stores.filter(({ groups }) => groups.includes(rule.group));
      const [store] = behind;
      if (store) {
        const ports = new Set(behind.flatMap((each) => each.ports));
        // A serverless cache has two, side by side.
        const narrow =
          rule.protocol === 'tcp' && ports.has(rule.from) && ports.has(rule.to) && rule.to - rule.from <= 1;
        if (narrow && rule.kind === 'group' && servers.includes(rule.peer)) continue;
        tooOpen(rule, store.called, `the web server's group on tcp ${store.ports[0]}`);
      } else if (servers.includes(rule.group)) {
        const fromBalancer = rule.kind === 'group' && balancers.includes(rule.peer);
        if (isOn(rule, [sitePort]) && (fromBalancer || isVisitors(rule, subject))) continue;
        tooOpen(rule, 'the web server', visitorsOn(subject, sitePort));
      } else if (balancers.includes(rule.group)) {
        const ports = balancersOf(subject).flatMap((balancer) => balancer.ports);
        if (isOn(rule, ports) && isVisitors(rule, subject)) continue;
        tooOpen(rule, 'the load balancer', visitorsOn(subject, ports.join(' or ')));
      } else if (rule.kind !== 'group' && !isInside(rule.peer)) {
        tooOpen(rule, `what carries the group ${rule.group}`, 'nobody from outside');
      }
    }
    return `${counted(rules.length, 'rule')}: each opens one port to one peer`;
  },
});

function isOn(rule: Rule, ports: readonly number[]): boolean {
  return rule.protocol === 'tcp' && rule.from === rule.to && ports.includes(rule.from);
}

function isVisitors({ kind, peer }: Rule, { welcome }: Subject): boolean {
  return kind === 'range' && welcome(peer);
}

function visitorsOn({ visitors }: Subject, ports: number | string): string {
  return visitors ? `${visitors} on tcp ${ports}` : 'nobody';
}

function tooOpen(rule: Rule, called: string, wanted: string): never {
  fail(`${called} lets in ${rule.peer || 'everybody'} on ${portsOf(rule)}, expected ${wanted}`, {
    mistake: 'open-port',
    leadsTo:
      'Scanners find an open port within minutes. Whatever else runs in that range, or comes to run there, can try passwords all day.',
  });
}

/** An address range that exists within private networks only. */
function isInside(cidr: string): boolean {
  return /^(?:10\.\d+\.\d+\.\d+\/(?:[89]|[12]\d|3[0-2])|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+\/(?:1[2-9]|2\d|3[0-2])|192\.168\.\d+\.\d+\/(?:1[6-9]|2\d|3[0-2]))$/.test(
    cidr,
  );
}
