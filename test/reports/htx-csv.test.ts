import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createInlineChecker } from '../../src/check-here.ts';
import type { EntityId } from '../../src/domain/ids.ts';
import { bookOf } from '../../src/domain/resolve-label.ts';
import { loadRegistry } from '../../src/load-registry.ts';
import { openReport } from '../../src/read-report.ts';
import type { VerifiedItem } from '../../src/report-tally.ts';
import { verifyReport } from '../../src/verify-report.ts';
import { faultsIn, fileOf, readItems, rowsIn } from '../fixtures/read-items.ts';

const HEAD = 'coin,address,snapshot height,balance,message,signature';

describe('htx-csv', () => {
  it('reads totals, rows, and owners without height and balance as rows that claim nothing', async () => {
    const text = `\ufeffcoin,snapshot height,balance\nBTC(ALL),-,3.50\n\n${HEAD}\nETH,0xa,5,3.50,-,-\nETH,0xb,-,-,htx,0xsig\nUSDT-ETH,0xc,-,1,"a, b",s\n`;
    const result = await readItems(text);
    if (typeof result === 'string') throw new Error(result);
    expect(result.format).toBe('htx-csv');
    expect(result.items[0]).toEqual({
      kind: 'summary',
      summary: { line: 2, label: 'BTC(ALL)', height: null, amount: '3.5' },
    });
    expect(rowsIn(result.items)).toMatchObject([
      { line: 5, addressText: '0xa', height: '5', amount: '3.5', message: null, signature1: null, rowType: null },
      { line: 6, addressText: '0xb', height: null, amount: '0', unstated: true, rowType: 'owner', signature1: '0xsig' },
      { line: 7, amount: '1', message: 'a, b' },
    ]);
  });

  it('turns what it does not understand into faults', async () => {
    const lines = ['x', 'coin,snapshot height,balance', 'A,-,x', 'A,-,1', 'A,-,2', 'A,-,2,3', HEAD, 'E,0xb,-,-,htx,s'];
    const result = await readItems([...lines, 'E,,1,1,m,s', 'E,a,1,1,m', 'E,a,1,1,m,s,x', 'E,a,1,-,m,s'].join('\r\n'));
    if (typeof result === 'string') throw new Error(result);
    expect(faultsIn(result.items)).toEqual([
      '1: "x" stands before any header that starts with coin',
      '3: balance: amount "x" is not a plain decimal number (digits, then optionally . and digits)',
      '5: total of "A" was given already in line 4',
      `6: cell 4 "3" is beyond the header's columns`,
      '8: height and balance are missing, and there is no row above that an owner could vouch for',
      '9: address is missing',
      '10: row has 5 cells, 6 are needed',
      `11: cell 7 "x" is beyond the header's columns`,
      '12: balance is missing',
    ]);
  });
});

const FOLDER = '../shared/real-data/htx-por-history';
const FILES = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.startsWith('huobi_por_')) : [];

describe.skipIf(FILES.length === 0)(`real files of ${FOLDER}, skipped where they are not there`, () => {
  const registry = loadRegistry();
  if (!registry.ok) throw new Error('no registry');
  const entity = registry.value.entities.get('htx' as EntityId);
  if (!entity) throw new Error('no htx');

  it.each(FILES)('%s: every signed row proves its address, every other one is listed', async (name) => {
    const text = readFileSync(`${FOLDER}/${name}`, 'utf8');
    const report = await openReport(fileOf(text));
    if (!report.ok) throw new Error(report.error);
    const items: VerifiedItem[] = [];
    const verified = await verifyReport(report.value, {
      registry: registry.value,
      entity,
      book: bookOf(registry.value, entity),
      checker: createInlineChecker(),
      salt: 'test',
      onItems: (batch) => void items.push(...batch),
    });
    if (!verified.ok) throw new Error(verified.error);
    // Counted apart from the reader: six cells a line, no quotes in these files.
    const cells = text.split(/\r?\n/).flatMap((line, at) => {
      const row = line.split(',');
      return row.length === 6 && row[1] !== 'address' ? [{ line: at + 1, row }] : [];
    });
    expect(items).toHaveLength(cells.length);
    for (const [at, item] of items.entries()) {
      const { line, row } = cells[at] as { line: number; row: string[] };
      if (item.kind === 'fault') throw new Error(item.fault.reason);
      expect(item.listed.row).toMatchObject({ line, addressText: row[1], label: row[0] });
      expect(item.listed.resolved.asset).not.toBe(null);
      // A receipt is not the coin: it is never read as the chain's own coin.
      if (['BETH', 'aETH', 'jsTRX'].includes(row[0] as string)) expect(item.listed.resolved.assetId).toBe(null);
      const signed = row[5] !== '' && row[5] !== '-';
      // The one fault in all these rows: an address printed without its 0x (August and September 2024).
      const broken = /^[0-9a-f]{40}$/.test(row[1] as string);
      const grade = broken ? 'invalid' : signed ? 'address-bound' : 'listed';
      expect(item.verdict, `${name}:${line}`).toMatchObject({ grade });
      const owner = row[2] === '-' && row[3] === '-';
      expect(item.listed.row.rowType).toBe(owner ? 'owner' : null);
    }
    expect(verified.value.tally.rows).toMatchObject({ counted: cells.length, faults: 0 });
  });

  /** Faults of the files, found by adding them up apart: totals that repeat others, rows under a wrong label, names that the two blocks do not share. */
  const FAULTS: readonly (readonly [month: string, said: RegExp])[] = [
    ['20230801', /"USDT": the summary has totals of labels that no row bears: "USDT-T-Bills" 90010000/],
    ['20231201', /no row bears: "USDT-BTTC" 6113066.664/],
    ['20240101', /"BTC": the summary has totals .* "BTC-BUY-BACK" 73.8/],
    // The total of BTC on TRON repeats that of BTC itself.
    ['20240101', /"BTC-TRC20": the rows add up to 9701.924543, .* \(line 4\) says 12040.37758, 2338.453037 more$/],
    ['20240201', /"ETH": the summary has totals .* "ETH-BUY-BACK" 1240/],
    ['20240401', /"USDT-ETH": the rows add up to 46942376.745, .* says 64542376.74, 17599999.995 more$/],
    // 19.6 million USDT on Optimism, as the total says, stand in a row labelled ETH.
    ['20240501', /"ETH": the rows add up to 19724761.88, .* says 110131.56, 19614630.32 less$/],
    ['20240501', /"ETH": the rows have labels that have no total: "ETH-Optimism" 19614630.32$/],
    [
      '20240501',
      /"jUSDT-TRC20" 31700532.98 \(line 15\), "USDT-Optimism" 19614630.32 \(line 16\), "USDT-ERC20" 37932861.01/,
    ],
    ['20240601', /"ETH": the rows have labels that have no total: "ETH-Optimism" 21150056.22$/],
    ['20240701', /no row bears: .*"USDT-ERC20" 25491552.4 .*; the rows have labels .* "USDT-ETH" 25491552.4$/],
    ['20241001', /"ETH": .* "baseETH" 9636.78 \(line \d+\); the rows have labels that have no total: "aETH" 9636.78$/],
    ['20241101', /"ETH": the rows add up to .*, 6.71 less$/],
    ['20241201', /"jUSDT-TRC20": .*, 10045819.43 less$/],
    ['20241201', /"SOL": .*, 24030.99 less$/],
  ];

  it.each(FAULTS)('%s: lists the fault of its totals %s', async (month, said) => {
    const report = await openReport(fileOf(readFileSync(`${FOLDER}/huobi_por_${month}.csv`)));
    if (!report.ok) throw new Error(report.error);
    const book = bookOf(registry.value, entity);
    const checker = createInlineChecker();
    const verified = await verifyReport(report.value, { registry: registry.value, entity, book, checker, salt: 'x' });
    if (!verified.ok) throw new Error(verified.error);
    expect(verified.value.totals.warnings).toContainEqual(expect.stringMatching(said));
    expect(verified.value.totals.assets.filter(({ asset }) => asset === 'USDT')).toHaveLength(1);
    // A jUSDT balance under the label of USDT, and that account's USDT below it: one cell in two rows.
    const twice = ['20240701', '20240801'].includes(month) ? 1 : 0;
    expect(verified.value.repeatedCells.rows).toBe(twice);
  });
});
