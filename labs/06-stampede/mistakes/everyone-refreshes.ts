import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Whoever sees that an entry is about to expire loads it anew.',
  caughtBy: 'refresh',
  named: 'everyone-refreshes',
  says: ['sent'],
  change: [
    [
      `        if (isDue(kept.value, kept.remainingMs) && !flights.has(name))
          flights.share(name, async () => await refresh(current, form, query)).catch(() => {});`,
      '        if (isDue(kept.value, kept.remainingMs)) loadAndStore(current, form, query).catch(() => name);',
    ],
    [
      '  async function refresh<T>',
      `  // oxlint-disable-next-line no-unused-vars
  async function refresh<T>`,
    ],
  ],
});
