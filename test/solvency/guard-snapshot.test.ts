import { describe, expect, it } from 'vitest';
import { type GuardInput, guardSnapshot, type Suspects } from '../../src/solvency/guard-snapshot.ts';
import { BOOK, type CellSpec, sceneInput } from './fixtures.ts';

function guard(cells: readonly CellSpec[], change: Partial<GuardInput> & { height?: bigint } = {}) {
  const { height, ...rest } = change;
  const { snapshot, rest: scene } = sceneInput({ cells, ...(height === undefined ? {} : { blocks: [{ height }] }) });
  const { lastReadings } = scene;
  const out = guardSnapshot({
    snapshot,
    lastReadings,
    book: BOOK,
    freshProbes: false,
    minAssurance: 'A2',
    suspects: new Map(),
    ...rest,
  });
  const words = out.snapshot.cells.map(({ outcome }) => (outcome.kind === 'read' ? 'read' : outcome.failure.code));
  return { ...out, words };
}

const fallen: CellSpec = { chain: 0, last: 1_000n, amount: 0n };

describe('the guard against unconfirmed falls', () => {
  it('withholds a zero after non-zero and a fall by more than half, and nothing else', () => {
    expect(guard([fallen]).words).toEqual(['unconfirmed']);
    expect(guard([{ ...fallen, amount: 499n }]).words).toEqual(['unconfirmed']);
    expect(guard([{ ...fallen, amount: 500n }]).words).toEqual(['read']);
    expect(guard([{ ...fallen, last: 0n }]).words).toEqual(['read']);
    expect(guard([{ chain: 0, amount: 0n }]).words).toEqual(['read']);
    expect(guard([{ ...fallen, amount: 5_000n }]).words).toEqual(['read']);
  });

  it('takes A2 with fresh probes at once, and neither alone', () => {
    expect(guard([fallen], { freshProbes: true }).words).toEqual(['read']);
    expect(guard([fallen], { freshProbes: true }).suspects.size).toBe(0);
    expect(guard([{ ...fallen, assurance: 'A1' }], { freshProbes: true }).words).toEqual(['unconfirmed']);
    expect(guard([fallen], { freshProbes: false }).words).toEqual(['unconfirmed']);
  });

  it('where A1 is accepted, takes a second look with fresh probes at a newer block, and no repetition of the same one', () => {
    const one: CellSpec = { ...fallen, assurance: 'A1' };
    const first = guard([one], { minAssurance: 'A1', freshProbes: true, height: 7n });
    expect([first.words, [...first.suspects.values()]]).toEqual([['unconfirmed'], [7n]]);
    const look = (height: bigint, suspects: Suspects, freshProbes = true) =>
      guard([one], { minAssurance: 'A1', freshProbes, height, suspects });
    expect(look(7n, first.suspects).words).toEqual(['unconfirmed']);
    expect(look(8n, first.suspects, false).words).toEqual(['unconfirmed']);
    expect([...look(8n, first.suspects, false).suspects.values()]).toEqual([7n]);
    expect(look(8n, first.suspects).words).toEqual(['read']);
    expect(look(8n, new Map()).words).toEqual(['unconfirmed']);
  });

  it('never takes less than the accepted assurance', () => {
    const suspects = guard([fallen]).suspects;
    const weak: CellSpec = { ...fallen, assurance: 'A0' };
    expect(guard([weak], { minAssurance: 'A1', freshProbes: true, height: 900n, suspects }).words).toEqual([
      'unconfirmed',
    ]);
  });

  it('keeps a suspect through a look that could not read it, and forgets one that recovered', () => {
    const { suspects } = guard([fallen]);
    expect(guard([{ ...fallen, amount: 'timeout' }], { suspects }).suspects).toEqual(suspects);
    expect(guard([{ ...fallen, amount: 1_000n }], { suspects }).suspects.size).toBe(0);
  });

  it('lets falls pass that together are below a thousandth of the subject, and not one base unit more', () => {
    const big: CellSpec = { chain: 0, last: 999_001n, amount: 999_001n };
    const dust: CellSpec = { chain: 0, last: 999n, amount: 0n };
    expect(guard([big, dust]).words).toEqual(['read', 'read']);
    expect(
      guard([
        { ...big, last: 999_000n, amount: 999_000n },
        { ...dust, last: 1_000n },
      ]).words,
    ).toEqual(['read', 'unconfirmed']);
    const many = Array.from({ length: 100 }, () => ({ ...dust, last: 10n }));
    expect(
      guard([{ ...big, last: 999_000n, amount: 999_000n }, ...many]).words.filter((one) => one === 'unconfirmed'),
    ).toHaveLength(100);
  });

  it('weighs chains of different decimals in one unit', () => {
    const big: CellSpec = { chain: 1, last: 10n ** 18n, amount: 10n ** 18n };
    expect(guard([big, { chain: 0, last: 1_000_000n, amount: 0n }]).words).toEqual(['read', 'unconfirmed']);
    expect(
      guard([
        { ...big, last: 10n ** 24n, amount: 10n ** 24n },
        { chain: 0, last: 1_000_000n, amount: 0n },
      ]).words,
    ).toEqual(['read', 'read']);
  });

  it('counts what it withheld as failed in the coverage', () => {
    const [source] = guard([fallen, { chain: 0, last: 10n, amount: 10n }]).snapshot.sources;
    expect([source?.asked, source?.read, source?.failed]).toEqual([2, 1, 1]);
  });
});
