import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baseUnits } from '../../src/domain/amount.ts';
import { decideCell, type GroupAnswer, quorumOf } from '../../src/domain/quorum.ts';
import { err, ok } from '../../src/domain/result.ts';

const HASH = '0xaa';
const said = (group: string, amount: bigint, hash: string | null = HASH): GroupAnswer => ({
  group,
  provider: group,
  answer: ok({ amount: baseUnits(amount), heightFrom: 1n, heightTo: 1n, hash }),
});
const failed = (group: string): GroupAnswer => ({
  group,
  provider: group,
  answer: err({ code: 'timeout', message: 'late', provider: group, retryable: true }),
});

describe('decideCell', () => {
  it('needs two of two, two of three, one of one', () => {
    expect([1, 2, 3, 4, 5].map(quorumOf)).toEqual([1, 2, 2, 3, 3]);
  });

  it('takes one pinned group as A1, two at one hash as A2, an unpinned one as A0', () => {
    expect(decideCell([said('a', 5n)], 1).outcome).toEqual({ kind: 'read', amount: 5n, assurance: 'A1' });
    expect(decideCell([said('a', 5n), said('b', 5n)], 2).outcome).toMatchObject({ assurance: 'A2' });
    expect(decideCell([said('a', 5n, null)], 1).outcome).toMatchObject({ assurance: 'A0' });
    expect(decideCell([said('a', 5n, null), said('b', 5n, null)], 2).outcome).toMatchObject({ assurance: 'A1' });
    expect(decideCell([said('a', 5n), said('b', 5n, '0xbb')], 2).outcome).toMatchObject({ assurance: 'A1' });
  });

  it('calls two groups that differ a disagreement with both names, whichever order they answer in', () => {
    for (const answers of [
      [said('a', 0n), said('b', 7n)],
      [said('b', 7n), said('a', 0n)],
    ]) {
      const { outcome } = decideCell(answers, 2);
      expect(outcome).toMatchObject({ kind: 'unread', failure: { code: 'disagree' } });
      expect(outcome.kind === 'unread' && outcome.failure.provider.split(',').sort()).toEqual(['a', 'b']);
    }
  });

  it('accepts two of three and names the dissenter', () => {
    expect(decideCell([said('a', 7n), said('b', 0n), said('c', 7n)], 3)).toMatchObject({
      outcome: { kind: 'read', amount: 7n, assurance: 'A2' },
      dissenting: ['b'],
    });
  });

  it('a missing group never becomes agreement', () => {
    expect(decideCell([said('a', 7n), failed('b')], 2).outcome).toMatchObject({
      kind: 'unread',
      failure: { code: 'timeout' },
    });
    expect(decideCell([said('a', 7n)], 2).outcome).toMatchObject({ kind: 'unread', failure: { code: 'no_provider' } });
    expect(decideCell([], 1).outcome).toMatchObject({ kind: 'unread' });
  });

  it('a minority of liars can withhold a value but never make one up', () => {
    const liarsThenHonest = fc.integer({ min: 1, max: 7 }).chain((n) =>
      fc.record({
        n: fc.constant(n),
        liars: fc.integer({ min: 0, max: quorumOf(n) - 1 }),
        lie: fc.bigInt({ min: 0n, max: 10n }),
        truth: fc.bigInt({ min: 0n, max: 10n }),
        silent: fc.integer({ min: 0, max: n }),
      }),
    );
    fc.assert(
      fc.property(liarsThenHonest, ({ n, liars, lie, truth, silent }) => {
        const answers = Array.from({ length: n }, (_, i) => {
          if (i < liars) return said(`g${i}`, lie);
          return i >= n - silent ? failed(`g${i}`) : said(`g${i}`, truth);
        });
        const { outcome } = decideCell(answers, n);
        if (outcome.kind === 'read') expect(outcome.amount).toBe(truth);
      }),
    );
  });
});
