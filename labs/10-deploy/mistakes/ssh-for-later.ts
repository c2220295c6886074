import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Port 22 is needed if anything goes wrong.',
  caughtBy: 'closed',
  named: 'open-port',
  says: ['the web server lets in 198.51.100.24/32 on tcp 22'],
  change: [
    [
      `      serverGroup.addIngressRule(
        ec2.Peer.ipv4(props.visitors),`,
      `      serverGroup.addIngressRule(ec2.Peer.ipv4(props.visitors), ec2.Port.SSH);
      serverGroup.addIngressRule(
        ec2.Peer.ipv4(props.visitors),`,
    ],
  ],
});
