import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertState, ChangedRule, ConflictRule, Rule, StaleRule } from '../../src/domain/alert.ts';
import { differsByMore } from '../../src/domain/amount.ts';
import type { AssetCode } from '../../src/domain/ids.ts';
import type { Statement } from '../../src/domain/liability.ts';
import { evaluateAlerts } from '../../src/evaluate-alerts.ts';
import { contextOf, ENTITY, T0 } from './fixtures.ts';

const DAY = 86_400_000;
const ASSET = 'USDT' as AssetCode;
const common = { family: 'statement', entity: ENTITY, asset: ASSET, repeatMs: 7 * DAY, severity: 'warning' } as const;
const STALE: StaleRule = { ...common, name: 'liabilities.stale', afterMs: 37 * DAY };
const CHANGED: ChangedRule = { ...common, name: 'liabilities.changed', sharePpm: 200_000n };
const CUSTODY: ChangedRule = { ...common, name: 'custody.changed', sharePpm: 200_000n };

/** A statement of so many coins as of that day after T0. */
const stated = (day: number, amount: bigint | null, more: Partial<Statement> = {}): Statement => ({
  kind: 'liability',
  entity: ENTITY,
  asset: ASSET,
  amount: amount === null ? null : { unscaled: amount, scale: 0 },
  asOfMs: T0 + day * DAY,
  source: 'https://acme.example/por',
  documentSha256: null,
  grade: amount === null ? 'percentage' : 'stated',
  binding: 'none',
  recordedAtMs: T0 + day * DAY,
  ...more,
});

function machine(rule: Rule) {
  let states: readonly AlertState[] = [];
  return (day: number, statements: readonly Statement[]) => {
    const out = evaluateAlerts({
      rules: [rule],
      states,
      points: [],
      nowMs: T0 + day * DAY,
      context: contextOf({ statements }),
    });
    states = out.states;
    return out.events.map(({ type, rule: name, episode, body }) => ({
      said: `${name} ${type} ${episode}`,
      reason: (JSON.parse(body) as { data: { reason: string } }).data.reason,
    }));
  };
}
const said = (events: readonly { said: string }[]) => events.map((event) => event.said);

describe('liabilities.stale', () => {
  it('fires once the liabilities are older than cadence and grace, and resolves on a newer statement', () => {
    const look = machine(STALE);
    const first = stated(0, 100n);
    expect(look(37, [first])).toEqual([]);
    const [fired] = look(38, [first]);
    expect(fired?.said).toBe('liabilities.stale alert.fired 1');
    expect(fired?.reason).toContain('the newest liabilities are 38 days old, 100 USDT as of 2026-11-22T00:00:00.000Z');
    expect(fired?.reason).toContain('a newer statement was due after 37 days');
    expect(look(39, [first])).toEqual([]);
    expect(said(look(45, [first]))).toEqual(['liabilities.stale alert.repeated 1']);
    const [resolved] = look(46, [first, stated(40, 101n)]);
    expect([resolved?.said, resolved?.reason]).toEqual([
      'liabilities.stale alert.resolved 1',
      expect.stringContaining('101 USDT'),
    ]);
    expect(said(look(78, [first, stated(40, 101n)]))).toEqual(['liabilities.stale alert.fired 2']);
  });

  it('is not ended by what states no amount of the asset: a percentage, a combined total, custody, another asset', () => {
    const look = machine(STALE);
    const old = stated(0, 100n);
    look(40, [old]);
    const others = [
      stated(39, null, { published: { text: '102 %', rounding: 'unknown' } }),
      stated(39, 5n, { binding: 'combined-total' }),
      stated(39, 5n, { kind: 'custody' }),
      stated(39, 5n, { asset: 'BTC' as AssetCode }),
      stated(39, 5n, { entity: 'other' as Statement['entity'] }),
      stated(50, 5n),
    ];
    expect(look(41, [old, ...others])).toEqual([]);
    expect(look(42, others)).toEqual([]);
    expect(said(look(50, [old, ...others]))).toEqual(['liabilities.stale alert.resolved 1']);
  });

  it('says nothing where nothing was ever stated', () => {
    expect(machine(STALE)(400, [])).toEqual([]);
  });
});

describe('liabilities.changed', () => {
  it('fires above the share, not at it, in both directions, and resolves when the next one is near', () => {
    expect(machine(CHANGED)(2, [stated(0, 100n), stated(1, 120n)])).toEqual([]);
    expect(machine(CHANGED)(2, [stated(0, 100n), stated(1, 80n)])).toEqual([]);
    expect(said(machine(CHANGED)(2, [stated(0, 100n), stated(1, 79n)]))).toHaveLength(1);
    const look = machine(CHANGED);
    const history = [stated(0, 100n), stated(1, 121n)];
    expect(look(1, history.slice(0, 1))).toEqual([]);
    const [fired] = look(2, history);
    expect(fired?.said).toBe('liabilities.changed alert.fired 1');
    expect(fired?.reason).toMatch(/changed by more than 20 %, from 100 USDT as of .* to 121 USDT as of/);
    expect(look(3, history)).toEqual([]);
    expect(said(look(31, [...history, stated(30, 125n)]))).toEqual(['liabilities.changed alert.resolved 1']);
  });

  it('gives each large change its own episode', () => {
    const look = machine(CHANGED);
    const history = [stated(0, 100n), stated(1, 200n)];
    look(2, history);
    const more = [...history, stated(3, 50n)];
    expect(said(look(4, more))).toEqual(['liabilities.changed alert.resolved 1']);
    expect(said(look(4.01, more))).toEqual(['liabilities.changed alert.fired 2']);
  });

  it('takes a correction of the same statement for no change', () => {
    const look = machine(CHANGED);
    const typo = stated(1, 1000n);
    const corrected = stated(1, 110n, { recordedAtMs: T0 + 2 * DAY });
    expect(said(look(1, [stated(0, 100n), typo]))).toEqual(['liabilities.changed alert.fired 1']);
    expect(said(look(2, [stated(0, 100n), typo, corrected]))).toEqual(['liabilities.changed alert.resolved 1']);
  });

  it('of custody looks at custody alone', () => {
    const custody = [stated(0, 100n, { kind: 'custody' }), stated(1, 10n, { kind: 'custody' })];
    expect(machine(CHANGED)(2, custody)).toEqual([]);
    expect(said(machine(CUSTODY)(2, custody))).toEqual(['custody.changed alert.fired 1']);
    expect(machine(CUSTODY)(2, [stated(0, 100n), stated(1, 10n)])).toEqual([]);
  });

  it('tells every large step of a random history once, and nothing else', () => {
    const amounts = fc.array(fc.bigInt({ min: 0n, max: 400n }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(amounts, (history) => {
        const look = machine(CHANGED);
        const told: string[] = [];
        const expected: string[] = [];
        let episode = 0;
        for (const [day, amount] of history.entries()) {
          const known = history.slice(0, day + 1).map((one, at) => stated(at, one));
          // Two looks a statement: the end of one episode and the start of the next are two events.
          told.push(...said([...look(day, known), ...look(day + 0.5, known)]));
          const before = history[day - 1];
          const two = history[day - 2];
          const far = (a: bigint, b: bigint) => (b > a ? b - a : a - b) * 5n > a;
          if (before !== undefined && two !== undefined && far(two, before))
            expected.push(`liabilities.changed alert.resolved ${episode}`);
          if (before !== undefined && far(before, amount)) {
            episode += 1;
            expected.push(`liabilities.changed alert.fired ${episode}`);
          }
        }
        expect(told).toEqual(expected);
      }),
    );
  });
});

describe('liabilities.conflict', () => {
  const rule: ConflictRule = { ...common, name: 'liabilities.conflict' };

  it('fires while statements of one moment differ, names both, and ends with a newer one', () => {
    const look = machine(rule);
    const page = stated(1, 100n);
    const auditor = stated(1, 103n, { source: 'an auditor' });
    expect(look(2, [page, stated(1, 100n, { source: 'another page' }), stated(0, 99n)])).toEqual([]);
    const [fired] = look(3, [page, auditor]);
    expect(fired?.said).toBe('liabilities.conflict alert.fired 1');
    expect(fired?.reason).toMatch(/Ratios use 103 USDT .*an auditor.* contradicted by 100 USDT/);
    expect(look(4, [page, auditor])).toEqual([]);
    expect(said(look(5, [page, auditor, stated(5, 104n)]))).toEqual(['liabilities.conflict alert.resolved 1']);
  });

  it('is none with a percentage, a combined total, custody, or a statement that was corrected', () => {
    const others = [
      stated(1, null, { published: { text: '102 %', rounding: 'unknown' } }),
      stated(1, 5n, { binding: 'combined-total' }),
      stated(1, 5n, { kind: 'custody' }),
      stated(1, 5n, { recordedAtMs: T0 }),
    ];
    expect(machine(rule)(2, [stated(1, 100n), ...others])).toEqual([]);
  });
});

describe('a change of amounts', () => {
  it('is compared exactly, whatever the scales', () => {
    const d = (unscaled: bigint, scale: number) => ({ unscaled, scale });
    expect(differsByMore(d(1n, 0), d(12n, 1), 200_000n)).toBe(false);
    expect(differsByMore(d(1n, 0), d(12_000_000_000_000_000_001n, 19), 200_000n)).toBe(true);
    expect(differsByMore(d(0n, 0), d(1n, 18), 10_000_000n)).toBe(true);
    expect(differsByMore(d(0n, 0), d(0n, 5), 0n)).toBe(false);
  });
});
