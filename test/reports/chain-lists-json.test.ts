import { expect, it } from 'vitest';
import { faultsIn, readItems, rowsIn } from '../fixtures/read-items.ts';

const read = async (document: unknown) => {
  const found = await readItems(JSON.stringify(document));
  if (typeof found === 'string') throw new Error(found);
  return { format: found.format, rows: rowsIn(found.items), faults: faultsIn(found.items) };
};

it('reads lists of addresses by chain', async () => {
  const tron = { chain: 'tron', count: 1, addresses: ['TZ1SsapyhKNWaVLca6P2qgVzkHTdk6nkXa'] };
  const bitcoin = { chain: 'bitcoin', nativeAsset: 'BTC', addresses: ['a', 'b'] };
  expect(await read({ entity: 'USDD', chains: [tron, bitcoin] })).toMatchObject({
    format: 'chain-lists-json',
    rows: [
      { network: 'tron', label: 'tron', addressText: tron.addresses[0], amount: '0', unstated: true, signature1: null },
      { network: 'bitcoin', addressText: 'a' },
      { network: 'bitcoin', addressText: 'b' },
    ],
    faults: [],
  });
});

it('gives no row of what is anything else', async () => {
  const chains = [
    { chain: 'x', addresses: [1, '', null, ['y']] },
    { addresses: ['a'] },
    { chain: 'y', addresses: 'z' },
    7,
  ];
  const { rows, faults } = await read({ chains: [...chains, { chain: 'x', addresses: ['good'] }] });
  expect(rows).toHaveLength(1);
  expect(faults).toEqual([
    '1: chains[0].addresses[0] is no text',
    '2: chains[0].addresses[1] is no text',
    '3: chains[0].addresses[2] is no text',
    '4: chains[0].addresses[3] is no text',
    '5: chains[1]: chain is missing',
    '6: chains[2]: addresses is no list',
    '7: chains[3]: chain is missing',
  ]);
});
