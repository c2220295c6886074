import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Everything in the network is ours, so all of it may connect.',
  caughtBy: 'closed',
  named: 'open-port',
  says: ['the cache lets in', 'tcp 6379'],
  change: [
    [
      `cacheGroup.addIngressRule(serverGroup, ec2.Port.tcp(redisPort), 'Valkey, from the web server');`,
      `cacheGroup.addIngressRule(ec2.Peer.ipv4(vpc.vpcCidrBlock), ec2.Port.tcp(redisPort));`,
    ],
  ],
});
