import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A record that is not there has empty columns.',
  caughtBy: 'no-readers',
  named: 'none-becomes-a-record',
  says: ['readers(999999), read a second time'],
  change: [[": { [noRecord]: '1' };", ": Object.fromEntries(names.map((name) => [name, '']));"]],
});
