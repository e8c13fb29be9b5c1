import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SetCell, weighChange } from '../src/domain/address-set.ts';
import type { BaseUnits } from '../src/domain/amount.ts';
import type { Attestation } from '../src/domain/attestation.ts';
import type { Address, AssetCode, AssetId, EntityId, Sha256 } from '../src/domain/ids.ts';
import { judgeList } from '../src/judge-list.ts';
import type { ClaimedCell, ComparedCell } from '../src/seams.ts';

const FORMER = 'f'.repeat(64) as Sha256;
const FRESH = 'e'.repeat(64) as Sha256;
const ENTITY = 'acme' as EntityId;
const DECIMALS = 2;
const assetOf = (number: number): AssetCode => (['ETH', 'USDT'] as const)[number % 2] as string as AssetCode;
const assetIdOf = (number: number) => `eip155:1/erc20:0x${number % 2}` as AssetId;

interface Case {
  readonly before: string | null | undefined;
  readonly after: string | null | undefined;
  readonly read: BaseUnits | null;
  readonly lines: readonly [number, number];
}

const side = (number: number, amount: string | null | undefined, line: number): ClaimedCell | null =>
  amount === undefined
    ? null
    : {
        ...{ address: `0x${number}` as Address, assetId: assetIdOf(number), asset: assetOf(number), line },
        ...(amount === null ? { claimed: '0', unstated: true } : { claimed: amount }),
      };

describe('judging a list', () => {
  it('says of what came and went what a comparison of both whole lists in file order says', () => {
    const amount = fc.constantFrom(undefined, null, '0', '1', '1', '2.5', '400');
    const one = fc.record<Case>({
      before: amount,
      after: amount,
      read: fc.constantFrom(null, 0n as BaseUnits, 100n as BaseUnits, 250n as BaseUnits),
      lines: fc.tuple(fc.nat(1000), fc.nat(1000)),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 60 }), (cases) => {
        const cells: ComparedCell[] = cases
          .map(({ before, after, read, lines }, at) => ({
            before: side(at, before, lines[0] * 100 + at),
            after: side(at, after, lines[1] * 100 + at),
            lastRead: read,
          }))
          .filter(({ before, after }) => before !== null || after !== null);
        const whole = (pick: (one: ComparedCell) => ClaimedCell | null, reads: boolean): readonly SetCell[] =>
          cells
            .flatMap((one) => {
              const cell = pick(one);
              return cell === null ? [] : [{ cell, read: reads ? one.lastRead : null }];
            })
            .sort((a, b) => a.cell.line - b.cell.line)
            .map(({ cell: { assetId, asset, address, claimed, unstated }, read }) => ({
              ...{ assetId, asset, address },
              ...(read !== null
                ? { amount: { unscaled: read, scale: DECIMALS }, by: 'read' as const }
                : { amount: unstated ? null : decimal(claimed), by: 'claimed' as const }),
            }));
        const expected = weighChange(
          { sha256: FORMER, version: 1, cells: whole(({ before }) => before, true) },
          { version: 2, cells: whole(({ after }) => after, false) },
          null,
        );
        const judge = judgeList(
          { sha256: FRESH, entity: ENTITY },
          { hold: 100_000n, watched: null, by: 'watch' },
          {
            store: {
              reports: () => [{ file: { sha256: FORMER }, set: { version: 1, hash: FORMER } } as Attestation],
              comparedCells: (before, after) => {
                expect([before, after]).toEqual([FORMER, FRESH]);
                return cells[Symbol.iterator]();
              },
            },
            registry: { assets: new Map([0, 1].map((at) => [assetIdOf(at), { decimals: DECIMALS }])) as never },
            atMs: 5,
          },
        );
        const { change, decision } = judge({ version: 2, hash: FRESH, cells: 0 });
        expect(change).toEqual(expected.change);
        expect(decision?.state ?? null).toBe(expected.exceeds(100_000n) ? 'waiting' : null);
      }),
      { numRuns: 300 },
    );
  });
});

const decimal = (text: string) => {
  const [whole = '', part = ''] = text.split('.');
  return { unscaled: BigInt(whole + part), scale: part.length };
};
