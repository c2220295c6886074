import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'With a public address one can look into it with a desktop client.',
  caughtBy: 'private',
  named: 'public-store',
  says: ['PubliclyAccessible', 'is true'],
  change: [[`publiclyAccessible: false,`, `publiclyAccessible: true,`]],
});
