import { fail } from '@workshop/lab-kit';
import { covers, egressRules, ingressRules, type Rule } from '../template/security-rules.ts';
import { groupsOf, serverGroups, sitePort } from './groups.ts';
import { counted, stackCheck, type StackCheck, type Subject } from './lab-check.ts';
import { attachmentOf, isPublic, serversOf, storesOf } from './parts.ts';

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
      // A range of addresses may hold the server; whether it should be a range is another check's question.
      if (!into.some((rule) => rule.kind !== 'group' || servers.includes(rule.peer))) {
        fail(
          `no rule lets the web server connect to port ${port} of ${called}: ${counted(into.length, 'rule')} for that port`,
          {
            mistake: 'server-shut-out',
            leadsTo: 'The site starts, waits for a connection that never comes, and shows an error.',
          },
        );
      }
      const shut = servers.every((group) => {
        const out = egressRules(subject, group);
        return (
          out &&
          !out.some((rule) => covers(rule, port) && (rule.kind !== 'group' || groups.includes(rule.peer)))
        );
      });
      if (shut) {
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

function checkVisitors(subject: Subject, rules: readonly Rule[], servers: readonly string[]): void {
  const { visitors } = subject;
  if (visitors === undefined) return;
  const into = rules.filter((rule) => servers.includes(rule.group) && covers(rule, sitePort));
  if (!into.some((rule) => rule.kind === 'range')) {
    fail(`no rule lets ${visitors} connect to port ${sitePort} of the web server`, {
      mistake: 'visitors-shut-out',
      leadsTo: 'The page never loads, and nothing says why.',
    });
  }
  const inside = serversOf(subject).flatMap((server) =>
    attachmentOf(subject, server).subnets.filter((subnet) => !isPublic(subject, subnet)),
  );
  if (inside.length > 0) {
    fail('the web server is in a subnet without a route to an internet gateway', {
      mistake: 'server-inside',
      leadsTo: 'It gets no public address: no visitor reaches it, and neither does Session Manager.',
    });
  }
}
