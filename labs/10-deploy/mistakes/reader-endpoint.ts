import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'An endpoint is an endpoint.',
  caughtBy: 'outputs',
  named: 'wrong-output',
  says: ['redisendpoint', 'replica.'],
  change: [[`cache.attrPrimaryEndPointAddress`, `cache.attrReaderEndPointAddress`]],
});
