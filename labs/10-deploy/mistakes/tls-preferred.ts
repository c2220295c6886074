import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'TLS is preferred: who can, uses it.',
  caughtBy: 'in-transit',
  named: 'tls-optional',
  says: ['TransitEncryptionMode', 'preferred'],
  change: [[`transitEncryptionMode: 'required',`, `transitEncryptionMode: 'preferred',`]],
});
