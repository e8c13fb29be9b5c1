import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createInlineChecker } from '../../src/check-proofs.ts';
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

  it('lists the totals that the rows do not give', async () => {
    const report = await openReport(fileOf(readFileSync(`${FOLDER}/huobi_por_20240101.csv`)));
    if (!report.ok) throw new Error(report.error);
    const book = bookOf(registry.value, entity);
    const checker = createInlineChecker();
    const verified = await verifyReport(report.value, { registry: registry.value, entity, book, checker, salt: 'x' });
    if (!verified.ok) throw new Error(verified.error);
    // The total of BTC on TRON repeats that of BTC itself.
    expect(verified.value.totals.warnings).toContainEqual(
      `"BTC-TRC20": the rows add up to 9701.924543, the file's summary (line 4) says 12040.37758`,
    );
    expect(verified.value.totals.assets.filter(({ asset }) => asset === 'USDT')).toHaveLength(1);
  });
});
