import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'An alarm shows in the console; that is what it is there for.',
  caughtBy: 'alarms',
  named: 'alarm-unheard',
  says: ['0 actions'],
  change: [
    [`const alarm = new Alarm(this, alarmId, {`, `new Alarm(this, alarmId, {`],
    [
      `      alarm.addAlarmAction(new SnsAction(alarms));
`,
      ``,
    ],
    [
      `import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
`,
      ``,
    ],
  ],
});
