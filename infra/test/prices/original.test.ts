import { expect, test } from 'vitest';
import { billOf } from '../../prices/bill.ts';
import { ORIGINAL } from '../../prices/original.ts';
import { US_EAST_1 } from '../../prices/us-east-1.ts';

test('the sample of 2022 costs 1.56 USD for 8 hours, more than a quarter of it for the NAT gateway and its address', () => {
  const { usdPerHour, unknown, lines } = billOf(ORIGINAL, US_EAST_1);
  expect(unknown).toEqual([]);
  expect((usdPerHour * 8).toFixed(2)).toBe('1.56');
  expect(lines.find(({ what }) => what === 'NAT gateway')?.usdPerHour).toBe(0.045);
});
