import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Inside the network nobody listens.',
  caughtBy: 'in-transit',
  named: 'cache-without-tls',
  says: ['TransitEncryptionEnabled', 'is false'],
  change: [
    [
      `transitEncryptionEnabled: true,
      // The other mode, \`preferred\`, takes plain connections as well.
      transitEncryptionMode: 'required',`,
      `transitEncryptionEnabled: false,`,
    ],
  ],
});
