import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Without INFO there is no page.',
  caughtBy: 'errors',
  named: 'page-fails',
  says: ['metrics() failed'],
  change: [
    ['const text = await ask().catch(() => undefined);', 'const text: string | undefined = await ask();'],
  ],
});
