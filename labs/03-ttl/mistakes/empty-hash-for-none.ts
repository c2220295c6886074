import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A record that is not there is a hash without fields.',
  caughtBy: 'no-readers',
  named: 'none-not-cached',
  says: ['readers(999999), read a second time'],
  change: [[": { [noRecord]: '1' };", ': {};']],
});
