import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'It is a web site: everybody may see it.',
  caughtBy: 'closed',
  named: 'open-port',
  says: ['the web server lets in 0.0.0.0/0 on tcp 8008'],
  change: [
    [`if (props.visitors) {`, `if (props.visitors !== '') {`],
    [`ec2.Peer.ipv4(props.visitors),`, `ec2.Peer.anyIpv4(),`],
  ],
});
