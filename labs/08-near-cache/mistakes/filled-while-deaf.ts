import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The memory is emptied when the connection closes; what comes in afterwards is new.',
  caughtBy: 'one-connection',
  named: 'deaf-after-a-lost-connection',
  says: ['another process wrote'],
  change: [['isListening = on;', 'isListening ||= on;']],
});
