import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'RDS has certificates, so connections to it are encrypted.',
  caughtBy: 'in-transit',
  named: 'mysql-without-tls',
  says: ['require_secure_transport is left to the default'],
  change: [
    [
      `      // Without it MySQL offers TLS, and takes a client that does not ask for it.
      parameters: { require_secure_transport: '1' },
`,
      ``,
    ],
  ],
});
