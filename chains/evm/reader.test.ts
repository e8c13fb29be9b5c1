import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Address } from '../../src/domain/ids.ts';
import type { ChainAsset } from '../../src/domain/network.ts';
import type { BalanceQuery } from '../../src/domain/snapshot.ts';
import { failuresOf } from './failures.ts';
import { testNetwork } from './fixtures.ts';
import type { PinnedBlock } from './pin.ts';
import { decodeReaderOutput, encodeReaderInput } from './reader.ts';

const network = testNetwork(1);
const fail = failuresOf('node');
const at = {
  chain: network.chainId,
  height: 7n,
  hash: `0x${'7'.repeat(64)}`,
  timeMs: 0,
  finality: 'final',
} as PinnedBlock;
const hex20 = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`);
const asset = (reference: string | null): ChainAsset => ({ ...network.native, reference });
const query = fc.record({ address: hex20.map((text) => text as Address), asset: fc.option(hex20).map(asset) });

describe('encodeReaderInput', () => {
  it('names each asset once and each cell in order', () => {
    fc.assert(
      fc.property(fc.array(query, { maxLength: 30 }), (queries) => {
        const input = Buffer.from(encodeReaderInput(queries).slice(2), 'hex');
        const count = input.readUInt16BE(0);
        expect(count).toBe(new Set(queries.map((each) => each.asset.reference)).size);
        const cells = input.subarray(2 + 20 * count);
        expect(cells.length).toBe(22 * queries.length);
        for (const [index, each] of queries.entries()) {
          const cell = cells.subarray(22 * index, 22 * index + 22);
          const code = input.subarray(2 + 20 * cell.readUInt16BE(0)).subarray(0, 20);
          expect(`0x${code.toString('hex')}`).toBe(each.asset.reference ?? `0x${'00'.repeat(20)}`);
          expect(`0x${cell.subarray(2).toString('hex')}`).toBe(each.address);
        }
      }),
    );
  });
});

describe('decodeReaderOutput', () => {
  const cell = fc.record({
    amount: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
    state: fc.integer({ min: 0, max: 4 }),
  });
  const output = (cells: readonly { amount: bigint; state: number }[]) =>
    `0x${cells.map(({ amount }) => amount.toString(16).padStart(64, '0')).join('')}${cells.map(({ state }) => `0${state}`).join('')}`;
  const queriesOf = (count: number): BalanceQuery[] =>
    Array.from({ length: count }, () => ({ address: `0x${'1'.repeat(40)}` as Address, asset: network.native }));

  it('believes a balance only where its state says that it was read', () => {
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 20 }), (cells) => {
        const decoded = decodeReaderOutput(output(cells), queriesOf(cells.length), at, fail);
        if (!decoded.ok) throw new Error(decoded.error.message);
        expect(decoded.value.map((each) => (each.ok ? each.value.amount : each.error.code))).toEqual(
          cells.map(({ amount, state }) => (state === 1 ? amount : state === 2 ? 'no_code' : 'bad_response')),
        );
      }),
    );
  });

  it('refuses an answer of any other length, and what is no data', () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 5 }), fc.integer({ min: 0, max: 8 }), (cells, count) => {
        const decoded = decodeReaderOutput(output(cells), queriesOf(count), at, fail);
        expect(decoded.ok).toBe(count === cells.length);
      }),
    );
    for (const bad of [null, '', '0x', `0x${'0'.repeat(65)}`, `0x${'0'.repeat(64)}0G`, `0x${'0'.repeat(62)}\n001`]) {
      expect(decodeReaderOutput(bad, queriesOf(1), at, fail).ok).toBe(false);
    }
  });
});
