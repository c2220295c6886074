import { mistake } from '../../mistake.ts';

export default mistake({
  story: '90 % is high for any CPU.',
  caughtBy: 'alarms',
  named: 'alarm-cannot-fire',
  says: ['fires above 90', '25 to 47.5'],
  change: [[`ofCache('CPUUtilization'), 45)`, `ofCache('CPUUtilization'), 90)`]],
});
