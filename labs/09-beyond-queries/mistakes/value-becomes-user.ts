import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A session is a hash, and what is remembered are its fields.',
  caughtBy: 'sessions',
  named: 'value-becomes-user',
  says: ['is now that of'],
  change: [
    ['`:${name}`, value', 'name, value'],
    ["name.startsWith(':')", "name !== 'user'"],
    ['name.slice(1)', 'name'],
  ],
});
