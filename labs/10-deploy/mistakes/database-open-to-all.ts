import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'It did not connect, and with 0.0.0.0/0 it does.',
  caughtBy: 'closed',
  named: 'open-port',
  says: ['the database lets in 0.0.0.0/0', 'tcp 3306'],
  change: [
    [
      `databaseGroup.addIngressRule(serverGroup, ec2.Port.tcp(mysqlPort), 'MySQL, from the web server');`,
      `databaseGroup.addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(mysqlPort));`,
    ],
  ],
});
