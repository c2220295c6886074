import { fail } from '@workshop/lab-kit';
import { covers, isPeer, letsOut, type Rule } from '../template/security-rules.ts';
import { textOf } from '../template/template.ts';
import { groupsOf, sitePort } from './groups.ts';
import type { Subject } from './lab-check.ts';
import { isPublic } from './parts.ts';
import { attachmentOf, balancersOf, serversOf, type Balancer } from './servers.ts';

/** Fails unless the visitors, where there are any, reach the site: on its server, or by way of a load balancer. */
export function checkVisitors(subject: Subject, rules: readonly Rule[], servers: readonly string[]): void {
  if (subject.visitors === undefined) return;
  const balancers = balancersOf(subject);
  if (balancers.length > 0) {
    for (const balancer of balancers) checkBalancer(subject, rules, servers, balancer);
    return;
  }
  demandVisitors(subject, rules, { called: 'the web server', groups: servers, port: sitePort });
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

/** Servers behind a load balancer need not be reached from anywhere else. */
function checkBalancer(
  subject: Subject,
  rules: readonly Rule[],
  servers: readonly string[],
  { resource, ports, securityGroups, subnets }: Balancer,
): void {
  const groups = groupsOf(subject, 'the load balancer', securityGroups);
  for (const port of ports) demandVisitors(subject, rules, { called: 'the load balancer', groups, port });
  const isOutside = textOf(resource.properties['Scheme']) === 'internet-facing';
  if (!isOutside || subnets.some((subnet) => !isPublic(subject, subnet))) {
    fail('the load balancer is not internet-facing, or in a subnet without a route to an internet gateway', {
      mistake: 'server-inside',
      leadsTo: 'Its name leads to private addresses, and no visitor reaches it.',
    });
  }
  const into = rules.filter((rule) => servers.includes(rule.group) && covers(rule, sitePort));
  const isLetIn = into.some((rule) => isPeer(rule, groups));
  if (isLetIn && groups.some((group) => letsOut(subject, group, servers, sitePort))) return;
  fail(`no rule lets the load balancer connect to port ${sitePort} of the web servers`, {
    mistake: 'balancer-shut-out',
    leadsTo: 'It finds no server that is well, and answers every visitor with an error (503).',
  });
}

function demandVisitors(
  { visitors }: Subject,
  rules: readonly Rule[],
  { called, groups, port }: { called: string; groups: readonly string[]; port: number },
): void {
  const into = rules.filter((rule) => groups.includes(rule.group) && covers(rule, port));
  if (into.some((rule) => rule.kind === 'range')) return;
  fail(`no rule lets ${visitors} connect to port ${port} of ${called}`, {
    mistake: 'visitors-shut-out',
    leadsTo: 'The page never loads, and nothing says why.',
  });
}
