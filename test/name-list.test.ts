import { describe, expect, it } from 'vitest';
import { type BaseUnits, baseUnits } from '../src/domain/amount.ts';
import type { Attestation } from '../src/domain/attestation.ts';
import type { Address, AssetCode, AssetId, ChainId, EntityId, Sha256 } from '../src/domain/ids.ts';
import type { ChainAsset } from '../src/domain/network.ts';
import { cellKey } from '../src/domain/snapshot.ts';
import type { Point } from '../src/domain/solvency.ts';
import { type NamingParts, nameList } from '../src/name-list.ts';
import type { TrackedCell } from '../src/seams.ts';
import { point } from './store/records.ts';

const asset = (reference: string, decimals: number): ChainAsset => ({
  id: `eip155:1/erc20:${reference}` as AssetId,
  chain: 'eip155:1' as ChainId,
  kind: 'token',
  reference: null,
  symbol: 'USDT',
  decimals,
  countsAs: 'USDT' as AssetCode,
});
const [FINE, COARSE] = [asset('0xaa', 18), asset('0xbb', 6)];
const book = { assets: new Map([FINE, COARSE].map((one) => [one.id, one])), assetDecimals: new Map() };
const sha = (digit: string): Sha256 => digit.repeat(64) as Sha256;
const list = (digit: string, version: number): Attestation => ({
  file: { sha256: sha(digit), name: 'x', bytes: 1, format: 'x' },
  entity: 'acme' as EntityId,
  issuedBy: 'publisher',
  asOfMs: null,
  importedAtMs: version,
  rows: 1,
  faults: 0,
  set: { version, hash: sha('f'), cells: 1 },
});
type Held = Readonly<Record<string, bigint>>;
/** Whole coins: addresses with an upper-case name hold the asset of 18 decimals, the others that of 6. */
const of = (address: string): ChainAsset => (address === address.toUpperCase() ? FINE : COARSE);
const units = (address: string, coins: bigint): BaseUnits => baseUnits(coins * 10n ** BigInt(of(address).decimals));
const tracked = (address: string): TrackedCell =>
  ({
    address: address as Address,
    assetId: of(address).id,
    asset: 'USDT' as AssetCode,
    claimed: '0',
    line: 1,
  }) as never;

/** One look on a list: what is listed and read now, what the former list held when it came into use. */
function look(digit: string, now: Held, more: Partial<NamingParts> & { readonly quality?: Point['quality'] } = {}) {
  const { quality = 'complete', ...parts } = more;
  const cells = Object.entries(now).map(([address, coins]) => ({
    query: { address: address as Address, asset: of(address) },
    outcome: { kind: 'read' as const, amount: units(address, coins), assurance: 'A2' as const },
  }));
  const [named] = nameList([point(0n, { quality })], {
    inUse: list(digit, digit === 'a' ? 1 : 2),
    waiting: null,
    before: [],
    snapshot: { cells },
    book,
    nowMs: 77,
    cellsOf: (report) => Object.keys(report === sha('a') ? FORMER : now).map(tracked),
    readingsAtStart: () => START,
    ...parts,
  });
  return named as Point;
}
const FORMER: Held = { A: 100n, b: 50n, c: 7n };
const START = new Map(
  Object.entries(FORMER)
    .filter(([address]) => address !== 'c')
    .map(([address, coins]) => [cellKey(of(address).id, address as Address), units(address, coins)]),
);
const COIN = 10n ** 18n;

describe('the list that a point rests on', () => {
  it('is named with its version, and with the list that waits; without a list nothing is', () => {
    expect(look('a', FORMER).list).toEqual({ report: sha('a'), setVersion: 1 });
    expect(look('a', FORMER, { waiting: list('b', 2) }).list).toEqual({
      report: sha('a'),
      setVersion: 1,
      waiting: sha('b'),
    });
    expect(look('a', FORMER, { inUse: null })).not.toHaveProperty('list');
  });

  it('explains the drop of the list before at its first complete point, across chain assets, and keeps saying so', () => {
    const first = look('a', FORMER);
    // A lost 40, b was dropped with its 50, c was never read; D is new and holds 60, e 5.
    const now = { A: 60n, c: 9n, D: 60n, e: 5n };
    const found = look('b', now, { before: [first] });
    expect(found.list).toEqual({ report: sha('b'), setVersion: 2 });
    expect(found.explained).toEqual({
      by: sha('b'),
      former: sha('a'),
      atMs: 77,
      lost: 90n * COIN,
      raised: 0n,
      gained: 65n * COIN,
      explained: 65n * COIN,
      unexplained: 25n * COIN,
      unknown: 1,
    });
    // The next look loses more, which is no part of what the change of the list explains.
    const later = look('b', { ...now, A: 0n }, { before: [found], nowMs: 99 });
    expect(later.explained).toEqual(found.explained);
    expect(look('b', now, { before: [{ ...found, asset: 'ETH' as AssetCode }] })).not.toHaveProperty('explained');
  });

  it('explains nothing on an incomplete point, and remembers what is to be compared until there is a complete one', () => {
    const first = look('a', FORMER);
    const gap = look('b', { A: 60n, D: 60n }, { before: [first], quality: 'incomplete' });
    expect([gap.list, gap.explained]).toEqual([{ report: sha('b'), setVersion: 2, former: sha('a') }, undefined]);
    const whole = look('b', { A: 60n, D: 60n }, { before: [gap] });
    expect([whole.list?.former, whole.explained?.explained]).toEqual([undefined, 60n * COIN]);
    // Back on the former list before anything was complete: there is nothing to compare.
    const back = look('a', FORMER, { before: [gap] });
    expect([back.list, back.explained]).toEqual([{ report: sha('a'), setVersion: 1 }, undefined]);
  });

  it('explains nothing where nothing was lost, and asks for no history on any other look', () => {
    const first = look('a', FORMER);
    const richer = look('b', { A: 150n, b: 50n, D: 10n }, { before: [first] });
    expect(richer).not.toHaveProperty('explained');
    const asked = () => {
      throw new Error('asked');
    };
    const next = look('b', { A: 10n }, { before: [richer], cellsOf: asked, readingsAtStart: asked });
    expect(next).not.toHaveProperty('explained');
    expect(look('a', FORMER, { cellsOf: asked }).list?.report).toBe(sha('a'));
  });
});
