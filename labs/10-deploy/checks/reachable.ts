import { fail } from '@workshop/lab-kit';
import { covers, ingressRules, isPeer, letsOut } from '../template/security-rules.ts';
import { groupsOf, serverGroups, sitePort } from './groups.ts';
import { counted, stackCheck, type StackCheck } from './lab-check.ts';
import { storesOf } from './parts.ts';
import { checkVisitors } from './site.ts';

export const reachable: StackCheck = stackCheck({
  id: 'reachable',
  title: 'The web server reaches both stores, and the visitors reach it',
  expected: `a rule for MySQL's port, one for the cache's, and one for port ${sitePort} when there are visitors`,
  hint: 'GAP 1. A security group lets nobody in until a rule says so.',
  hints: [
    'Which of the three connections has no rule: server to database, server to cache, visitors to server?',
    'A rule belongs to the group that is connected to, and names who connects: `addIngressRule(peer, port)` or `connections.allowFrom`.',
    { file: 'workshop-stack.ts', from: 'databaseGroup.addIngressRule', to: 'the site, for its visitors' },
  ],
  judge(subject) {
    const rules = ingressRules(subject);
    const servers = serverGroups(subject);
    for (const { called, ports, securityGroups } of storesOf(subject)) {
      const groups = groupsOf(subject, called, securityGroups);
      const [port = 0] = ports;
      const into = rules.filter((rule) => groups.includes(rule.group) && covers(rule, port));
      if (!into.some((rule) => isPeer(rule, servers))) {
        fail(
          `no rule lets the web server connect to port ${port} of ${called}: ${counted(into.length, 'rule')} for that port`,
          {
            mistake: 'server-shut-out',
            leadsTo: 'The site starts, waits for a connection that never comes, and shows an error.',
          },
        );
      }
      if (!servers.some((group) => letsOut(subject, group, groups, port))) {
        fail(`the web server's own group lets nothing out to port ${port} of ${called}`, {
          mistake: 'server-shut-in',
          leadsTo: 'The site starts, waits for a connection that never comes, and shows an error.',
        });
      }
    }
    checkVisitors(subject, rules, servers);
    return `the web server reaches both stores; the site is open to ${subject.visitors ?? 'nobody'}`;
  },
});
