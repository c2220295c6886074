import { cost, type Bill } from '../prices/bill.ts';
import { HOURS_PER_MONTH } from '../prices/price.ts';
import { bold, table, wrap } from './words.ts';

/** A bill as `deploy` prints it: by item, per hour and per eight hours, and all that is in no sum. */
export function billTable(bill: Bill, region: string): string {
  const rows = bill.lines.map((line) => {
    const usd = cost(line);
    const times = line.count === 1 ? '' : `${line.count} x `;
    return usd === undefined
      ? [line.of, times + line.what, 'unknown', 'unknown']
      : [line.of, times + line.what, usd.toFixed(4), (usd * 8).toFixed(2)];
  });
  const total = ['all', '', bill.usdPerHour.toFixed(4), (bill.usdPerHour * 8).toFixed(2)];
  const elsewhere =
    region === bill.region ? '' : ` Those of ${region} differ: most are higher (https://calculator.aws).`;
  return [
    bold('What it costs while it stands, used or not, in USD'),
    '',
    table([['', '', 'an hour', '8 hours'], ...rows, total]),
    '',
    wrap(
      `About ${Math.round(bill.usdPerHour * HOURS_PER_MONTH)} a month. Prices of ${bill.region}, on demand, read ${bill.asOf}, without tax and free allowances.${elsewhere}`,
    ),
    ...(bill.unknown.length === 0
      ? []
      : ['', wrap(`Not in the sum, since the table has no price: ${bill.unknown.join('; ')}.`)]),
    ...(bill.byUse.length === 0
      ? []
      : ['', 'Not in the sum, since it depends on use:', ...bill.byUse.map((use) => wrap(use, '  '))]),
  ].join('\n');
}

/** The same in a line. */
export function billLine(bill: Bill): string {
  const unknown = bill.unknown.length === 0 ? '' : `, and what ${bill.unknown.join(', ')} may cost`;
  return `${bill.usdPerHour.toFixed(4)} USD an hour, ${(bill.usdPerHour * 8).toFixed(2)} for 8 hours${unknown}`;
}
