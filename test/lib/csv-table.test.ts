import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsvTable } from '../../src/lib/csv-table.ts';

describe('a small CSV table', () => {
  it('keeps quoted commas, doubled quotes and line ends in cells, and knows the physical line of each record', () => {
    const text = 'a,b\r\n"x, ""y""\r\nz",2\r\n\r\n 3 ,4\n';
    expect(parseCsvTable(text)).toEqual({
      ok: true,
      value: {
        head: ['a', 'b'],
        records: [
          { line: 2, cells: ['x, "y"\nz', '2'] },
          { line: 5, cells: ['3', '4'] },
        ],
      },
    });
  });

  it('refuses quotes that do not match up', () => {
    expect(parseCsvTable('a,b\n1,2\n"3,4\n')).toMatchObject({ ok: false, error: expect.stringContaining('line 3') });
    expect(parseCsvTable('')).toMatchObject({ ok: false });
  });

  it('gives back what RFC 4180 writes', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', ' ', '{', '['), maxLength: 8 });
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 }), (rows) => {
        const written = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')).join('\r\n');
        const kept = rows.map((row) => row.map((one) => one.trim())).filter((row) => row.some((one) => one !== ''));
        const parsed = parseCsvTable(written);
        if (kept.length === 0) expect(parsed.ok).toBe(false);
        else expect(parsed.ok && [parsed.value.head, ...parsed.value.records.map(({ cells }) => cells)]).toEqual(kept);
      }),
    );
  });
});
