import { describe, expect, it } from 'vitest';
import { parseDecimal } from '../../src/domain/amount.ts';
import type { AssetCode } from '../../src/domain/ids.ts';
import { compareTotals } from '../../src/domain/totals.ts';

const ASSETS: Readonly<Record<string, string>> = {
  BTC: 'BTC',
  ETH: 'ETH',
  'ETH-ARBITRUM': 'ETH',
  USDT: 'USDT',
  'USDT-ERC20': 'USDT',
  'USDT-TRC20': 'USDT',
  'TONCOIN-NEW': 'TON',
};
const assetOf = (label: string) => (ASSETS[label] ?? null) as AssetCode | null;

function compare(rows: Readonly<Record<string, string>>, totals: readonly (readonly [string, string])[]) {
  const sums = Object.entries(rows).map(([label, amount]) => {
    const sum = parseDecimal(amount);
    if (!sum.ok) throw new Error(sum.error);
    return { label, asset: assetOf(label), sum: sum.value };
  });
  const summaries = totals.map(([label, amount], at) => ({ line: at + 2, label, height: null, amount }));
  const { assets, warnings } = compareTotals(sums, summaries, assetOf);
  return {
    assets: assets.map(({ asset, claimed, summary, equal }) => `${asset} ${claimed} ${summary} ${equal}`),
    warnings,
  };
}

describe('compareTotals', () => {
  it.each([
    ['a coin over its networks', { ETH: '1.5', 'ETH-ARBITRUM': '0.5' }, [['ETH', '2']], ['ETH 2 2 true']],
    ['by the registry, not by the label', { 'TONCOIN-NEW': '7' }, [['TONCOIN-NEW', '7']], ['TON 7 7 true']],
    ['no total', { BTC: '1' }, [], ['BTC 1 null null']],
    ['a total without rows', {}, [['BTC', '1']], ['BTC 0 1 false']],
    ['the smallest difference', { BTC: '1.00000001' }, [['BTC', '1']], ['BTC 1.00000001 1 false']],
    [
      '(ALL) and its parts',
      { ETH: '1', 'ETH-ARBITRUM': '2' },
      [
        ['ETH(ALL)', '3'],
        ['ETH', '1'],
        ['ETH-ARBITRUM', '2'],
      ],
      ['ETH 3 3 true'],
    ],
    [
      'a wrong part under a right (ALL)',
      { ETH: '1', 'ETH-ARBITRUM': '2' },
      [
        ['ETH(All)', '3'],
        ['ETH', '2'],
        ['ETH-ARBITRUM', '1'],
      ],
      ['ETH 3 3 false'],
    ],
    [
      'a part that the rows call differently',
      { USDT: '3' },
      [
        ['USDT (ALL)', '3'],
        ['USDT-ERC20', '3'],
      ],
      ['USDT 3 3 true'],
    ],
    [
      'parts alone',
      { 'USDT-ERC20': '5', 'USDT-TRC20': '5' },
      [
        ['USDT-ERC20', '5'],
        ['USDT-TRC20', '5'],
      ],
      ['USDT 10 10 true'],
    ],
    [
      'parts swapped',
      { 'USDT-ERC20': '6', 'USDT-TRC20': '4' },
      [
        ['USDT-ERC20', '4'],
        ['USDT-TRC20', '6'],
      ],
      ['USDT 10 10 false'],
    ],
    ['an unknown label with its rows', { FOO: '2' }, [['FOO', '2']], ['FOO 2 2 true']],
    [
      'an unknown label that may be other rows',
      { 'FOO-X': '2' },
      [['FOO', '2']],
      ['FOO 0 2 null', 'FOO-X 2 null null'],
    ],
  ] as const)('%s', (_, rows, totals, expected) => {
    const { assets, warnings } = compare(rows, totals);
    expect(assets).toEqual(expected);
    const bad = assets.some((line) => / false$/.test(line) || / \d+ null$/.test(line));
    expect(warnings.some((warning) => !warning.includes('labels that'))).toBe(bad);
  });

  it('names the totals that no row is of, and the rows that no total is of', () => {
    const totals = [
      ['USDT(ALL)', '100'],
      ['USDT-ERC20', '10'],
      ['USDT-T-Bills', '90'],
      ['USDT-BTTC', '0'],
    ] as const;
    const assetOfAll = (label: string) => (label.startsWith('USDT') ? 'USDT' : null) as AssetCode | null;
    const summaries = totals.map(([label, amount], at) => ({ line: at + 2, label, height: null, amount }));
    const sum = { unscaled: 11n, scale: 0 };
    const { warnings } = compareTotals([{ label: 'USDT-ETH', asset: 'USDT' as AssetCode, sum }], summaries, assetOfAll);
    expect(warnings).toEqual([
      `"USDT": the rows add up to 11, the file's summary (line 2) says 100, 89 more`,
      `"USDT": the summary has totals of labels that no row bears: "USDT-ERC20" 10 (line 3), "USDT-T-Bills" 90 (line 4); ` +
        'the rows have labels that have no total: "USDT-ETH" 11',
    ]);
  });

  it('takes a summary of whole coins as rounded, and still sees a whole coin missing', () => {
    const rows = { BTC: '10.4', ETH: '3.99', USDT: '7', 'TONCOIN-NEW': '6.5' };
    const totals = [
      ['BTC', '10'],
      ['ETH', '4'],
      ['USDT', '7'],
      ['TONCOIN-NEW', '8'],
    ] as const;
    const { assets, warnings } = compare(rows, totals);
    expect(assets).toEqual(['BTC 10.4 10 null', 'ETH 3.99 4 null', 'USDT 7 7 true', 'TON 6.5 8 false']);
    expect(warnings).toHaveLength(2);
  });

  it('does not take a short summary, or one with decimals, as rounded', () => {
    expect(compare({ BTC: '10.4' }, [['BTC', '10']]).assets).toEqual(['BTC 10.4 10 false']);
    const rows = { BTC: '10.4', ETH: '3.5', USDT: '7', 'TONCOIN-NEW': '6' };
    const totals = [
      ['BTC', '10'],
      ['ETH', '3.5'],
      ['USDT', '7'],
      ['TONCOIN-NEW', '6'],
    ] as const;
    expect(compare(rows, totals).assets[0]).toBe('BTC 10.4 10 false');
  });
});
