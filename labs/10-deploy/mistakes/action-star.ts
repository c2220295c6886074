import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The server needs Secrets Manager, so it may use it.',
  caughtBy: 'no-wildcards',
  named: 'wildcard-policy',
  says: ['the action secretsmanager:*'],
  change: [[`actions: ['secretsmanager:GetSecretValue']`, `actions: ['secretsmanager:*']`]],
});
