import { expect, it } from 'vitest';
import { faultsIn, readItems, rowsIn } from '../fixtures/read-items.ts';

const FILE = `# token reserves
ethereum:
- 0xdAC17F958D2ee523a2206206994597C13D831ec7
- '0x0000000000000000000000000000000000000001'

tron:
  - TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t
`;

const read = async (text: string) => {
  const found = await readItems(text);
  if (typeof found === 'string') throw new Error(found);
  return { format: found.format, rows: rowsIn(found.items), faults: faultsIn(found.items) };
};

it('reads lists of addresses under their chains', async () => {
  expect(await read(FILE)).toMatchObject({
    format: 'chain-lists-yaml',
    rows: [
      { line: 3, network: 'ethereum', label: 'ethereum', amount: '0', unstated: true },
      { line: 4, addressText: '0x0000000000000000000000000000000000000001' },
      { line: 7, network: 'tron', addressText: 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t' },
    ],
    faults: [],
  });
});

it('gives no row of a line that is anything else', async () => {
  const { rows, faults } = await read(
    `${FILE}- a: 1\n- [1]\n- \n- &x 0x1\n  0x1\nsolana: x\n- So1\nbase: !!x\n- 0x1\nword\n`,
  );
  expect(rows).toHaveLength(3);
  expect(faults.map((fault) => Number.parseInt(fault, 10))).toEqual([8, 9, 10, 11, 12, 13, 14, 15, 16, 17]);
});
