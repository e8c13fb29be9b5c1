import { describe, expect, it } from 'vitest';
import { baseUnits } from '../../src/domain/amount.ts';
import type { LiabilityView } from '../../src/domain/solvency.ts';
import { pointJson } from '../../src/query/point-json.ts';
import { BLOCK_HEAD, POINT_HEAD, pointBlock, pointCells } from '../../src/query/point-table.ts';
import { point } from '../store/records.ts';

const DAY = 86_400_000;
const AS_OF = Date.UTC(2026, 10, 1);
const NOW = AS_OF + 23 * DAY;
const owed: LiabilityView = {
  ...{ amount: { lo: baseUnits(5_000_000n), hi: baseUnits(5_000_000n) }, asOfMs: AS_OF, ageMs: 0 },
  ...{ source: 'tree.txt', grade: 'sum-tree', binding: 'per-asset-total' },
  conflicts: [{ amount: baseUnits(7_000_000n), source: 'the page', grade: 'stated', binding: 'none' }],
};

describe('the statement that a comparison rests on', () => {
  const of = (more: Partial<LiabilityView>) => point(9_000_000n, { decimals: 6, liabilities: { ...owed, ...more } });

  it('is named in a table: amount, as-of, age, grade, binding, source, and who states another amount', () => {
    const cells = pointCells(of({}), 'ok', NOW);
    const cell = (name: string): string => cells[POINT_HEAD.indexOf(name)] as string;
    expect(cell('LIABILITIES')).toBe('5');
    expect(cells.join('\t')).toContain('2026-11-01T00:00Z (23 days)');
    expect(cells.join('\t')).toContain('sum-tree, per-asset-total: tree.txt');
    expect(cells.join('\t')).toContain('CONFLICT: the page states 7 owed');
    expect(pointCells(of({ binding: 'none', grade: 'stated' }), 'ok', NOW).join()).toContain('stated, binds no total');
  });

  it('is named in a block for a terminal', () => {
    const block = pointBlock(of({}), 'ok', NOW);
    expect(block[BLOCK_HEAD.indexOf('AGAINST LIABILITIES OF')]).toEqual([
      '5',
      '2026-11-01T00:00Z',
      '23 days ago, sum-tree',
      'per-asset-total: tree.txt',
    ]);
    expect(block[BLOCK_HEAD.indexOf('DATA')]).toContain('CONFLICT: the page states 7 owed');
  });

  it('is named in JSON', () => {
    expect(pointJson(of({}), 'ok', NOW)['liabilities']).toEqual({
      ...{ amount: '5', asOf: '2026-11-01T00:00:00.000Z', ageSeconds: (23 * DAY) / 1000, source: 'tree.txt' },
      ...{ grade: 'sum-tree', binding: 'per-asset-total' },
      conflicts: [{ amount: '7', source: 'the page', grade: 'stated', binding: 'none' }],
    });
  });
});
