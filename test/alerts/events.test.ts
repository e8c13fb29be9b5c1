import { describe, expect, it } from 'vitest';
import type { AlertState, Rule } from '../../src/domain/alert.ts';
import { baseUnits } from '../../src/domain/amount.ts';
import type { Address, AssetCode, AssetId, Sha256 } from '../../src/domain/ids.ts';
import { type AlertContext, evaluateAlerts } from '../../src/evaluate-alerts.ts';
import { contextOf, dataRule, ENTITY, levelRule, ONE, pointOf, T0 } from './fixtures.ts';

const HOUR = 3_600_000;

/** Feeds looks at one ratio (ppm) each, with rising blocks, and keeps what was said. */
function machine(rules: readonly Rule[], change: Partial<AlertContext> = {}) {
  let states: readonly AlertState[] = [];
  let height = 0n;
  let now = T0;
  return {
    look(ppm: bigint, point: Parameters<typeof pointOf>[1] & { ageMs?: number } = {}, minutes = 1, use = rules) {
      height += 1n;
      now += minutes * 60_000;
      const { ageMs, ...rest } = point;
      const made = pointOf(
        { lo: ppm, hi: ppm, heights: [height, height], atMs: now, ...(ageMs === undefined ? {} : { ageMs }) },
        rest,
      );
      return this.evaluate([made], use);
    },
    evaluate(points: Parameters<typeof evaluateAlerts>[0]['points'], use = rules, context = contextOf(change)) {
      const out = evaluateAlerts({ rules: use, states, points, nowMs: now, context });
      states = out.states;
      return { ...out, said: out.events.map(({ rule, type, severity }) => `${rule} ${type} ${severity}`) };
    },
    wait(minutes: number) {
      now += minutes * 60_000;
    },
    states: () => states,
  };
}

const data = (body: string) =>
  (JSON.parse(body) as { type: string; timestamp: string; data: Record<string, unknown> }).data;

describe('events', () => {
  const rules = [levelRule('warning', { confirmations: 1 }), levelRule('critical', { clears: 2 })];

  it('a stricter level that fires escalates the open milder one first, and says which rule', () => {
    const alerts = machine(rules);
    expect(alerts.look(1_016_000n).said).toEqual(['coverage.warning alert.fired warning']);
    expect(alerts.look(997_000n).said).toEqual([]);
    const out = alerts.look(997_000n);
    expect(out.said).toEqual(['coverage.warning alert.escalated warning', 'coverage.critical alert.fired critical']);
    expect(data(out.events[0]?.body ?? '')['reason']).toContain('coverage.critical fires too');
  });

  it('asks for a confirmation while a breach waits, for half an hour at most', () => {
    const alerts = machine([levelRule('critical')]);
    expect(alerts.look(1_040_000n).confirmAgain).toBe(false);
    expect(alerts.look(990_000n).confirmAgain).toBe(true);
    expect(alerts.look(990_000n).confirmAgain).toBe(false);
    const stuck = machine([levelRule('critical')]);
    const first = pointOf({ lo: 990_000n, hi: 990_000n, heights: [1n, 1n] });
    expect(stuck.evaluate([first]).confirmAgain).toBe(true);
    stuck.wait(29);
    expect(stuck.evaluate([first]).confirmAgain).toBe(true);
    stuck.wait(2);
    expect(stuck.evaluate([first]).confirmAgain).toBe(false);
    expect(stuck.states()[0]?.phase).toBe('pending');
  });

  it('caps a coverage rule at warning while the liabilities are old, raises it when they are recent again, and resolves at the height it had', () => {
    const alerts = machine([levelRule('critical', { clears: 1 })]);
    const old = { ageMs: 49 * HOUR };
    alerts.look(990_000n, old);
    expect(alerts.look(990_000n, old).said).toEqual(['coverage.critical alert.fired warning']);
    expect(alerts.look(990_000n, { ageMs: HOUR }).said).toEqual(['coverage.critical alert.escalated critical']);
    expect(alerts.look(990_000n, old, 300).said).toEqual(['coverage.critical alert.repeated warning']);
    expect(alerts.look(1_040_000n, old).said).toEqual(['coverage.critical alert.resolved critical']);
    const lifted = machine([levelRule('critical', { liftAgeCap: true, confirmations: 1 })]);
    expect(lifted.look(990_000n, old).said).toEqual(['coverage.critical alert.fired critical']);
    const ratio = machine([levelRule('critical', { kind: 'ratio', name: 'ratio.critical', confirmations: 1 })]);
    expect(ratio.look(990_000n, { ...old, kind: 'ratio' }).said).toEqual(['ratio.critical alert.fired critical']);
  });

  it('ends an alert whose rule or asset is gone, tells so, and never reuses an id', () => {
    const alerts = machine([levelRule('critical', { confirmations: 1 })]);
    const fired = alerts.look(990_000n).events[0];
    const gone = alerts.look(990_000n, {}, 1, []);
    expect(gone.said).toEqual(['coverage.critical alert.resolved critical']);
    expect(data(gone.events[0]?.body ?? '')['reason']).toContain('rule_removed');
    expect(alerts.look(990_000n, {}, 1, []).events).toEqual([]);
    const again = alerts.look(990_000n).events[0];
    expect([again?.fingerprint, again?.episode, again?.sequence]).toEqual([fired?.fingerprint, 2, 1]);
    const dropped = alerts.evaluate([], undefined, contextOf({ subjects: ['BTC' as AssetCode] }));
    expect(data(dropped.events[0]?.body ?? '')['reason']).toContain('subject_removed');
  });

  it('passes over the states of other entities, and refuses two rules with one fingerprint', () => {
    const other = { ...machine(rules).look(990_000n).states[0], entity: 'other', fingerprint: 'x' } as AlertState;
    const input = { rules, states: [other], points: [], nowMs: T0, context: contextOf() };
    expect(evaluateAlerts(input).states.map(({ entity }) => entity)).toEqual([ENTITY, ENTITY]);
    expect(() => evaluateAlerts({ ...input, rules: [levelRule('warning'), levelRule('warning')] })).toThrow(
      /fingerprint/,
    );
  });
});

describe('the body por.alert/1', () => {
  const usdt = `${ONE}/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7` as AssetId;
  const move = (tail: string, before: bigint, after: bigint) => ({
    address: `0x${tail.padStart(40, '0')}` as Address,
    assetId: usdt,
    before: baseUnits(before),
    after: baseUnits(after),
  });

  it('carries both sides with their dates, the evidence, what moved most, and a sentence for people', () => {
    const moves = [move('1', 500n, 400n), move('2', 60_000n, 10_000n), move('3', 10n, 900n)];
    const before = pointOf({ lo: 1_040_000n, hi: 1_040_000n, heights: [1n, 1n], atMs: T0 - HOUR });
    const alerts = machine([levelRule('critical', { confirmations: 1 })], {
      test: true,
      report: 'ab'.repeat(32) as Sha256,
      movesSince: () => moves,
      pointBefore: () => before,
    });
    const event = alerts.look(997_000n, { ageMs: 23 * 24 * HOUR, custody: baseUnits(5n) }).events[0];
    const body = JSON.parse(event?.body ?? '');
    expect([body.type, body.timestamp]).toEqual(['alert.fired', '2026-11-22T00:01:00.000Z']);
    expect(body.data).toMatchObject({
      schema: 'por.alert/1',
      alert_id: `${event?.fingerprint}-1`,
      episode: 1,
      sequence: 1,
      rule: 'coverage.critical',
      severity: 'warning',
      state: 'firing',
      previous_state: 'ok',
      test: true,
      entity: { id: 'acme', name: 'Acme' },
      asset: { id: 'USDT', symbol: 'USDT', decimals: 6 },
      kind: 'coverage',
      value: {
        basis: 'observed',
        reserves: { lo: '997000', hi: '997000' },
        liabilities: { lo: '1000000', hi: '1000000' },
        ratio_ppm: { lo: '997000', hi: '997000' },
        percent: '99.70 %',
        fire_below_ppm: '1005000',
        clear_at_ppm: '1010000',
        unit: 'base',
      },
      confirmations: 1,
      started_at: '2026-11-22T00:01:00.000Z',
      fired_at: '2026-11-22T00:01:00.000Z',
      resolved_at: null,
      data_stale: false,
      reserves_as_of: '2026-11-22T00:01:00.000Z',
      liabilities_as_of: '2026-10-30T00:01:00.000Z',
      liabilities_age_seconds: 23 * 86_400,
      liabilities: { source: 'https://acme.example/por.pdf', grade: 'stated', binding: 'none' },
      report: 'ab'.repeat(32),
      truncated: 0,
      next: 'reservewatch ratio acme USDT',
    });
    expect(body.data.evidence[0]).toEqual({
      chain: 'eip155:1',
      height: '1',
      block_hash: '0x1',
      finality: 'final',
      groups: ['a', 'b'],
      assurance: 'A2',
      observed_at: '2026-11-22T00:01:00.000Z',
    });
    expect(body.data.moved.map(({ before: was }: { before: string }) => was)).toEqual(['60000', '10', '500']);
    expect(body.data.reason).toBe(
      'Fell below 100.5 %. Acme USDT: observed reserves are 99.70 % of the liabilities attested 23 days ago (as of 2026-10-30T00:01:00.000Z) ' +
        '(0.997 against 1 USDT). At 2026-11-21T23:00:00.000Z: 104.00 % (1.04). Coverage is a reason to look, not a verdict: ' +
        'the liabilities are as old as their date, and withdrawals by customers lower both sides.',
    );
  });

  it('stays below 20 kB, however much moved and whatever the names are, and counts what it left out', () => {
    const moves = Array.from({ length: 500 }, (_, index) => move(index.toString(16), 10n ** 60n, BigInt(index)));
    const many = Array.from({ length: 300 }, (_, index) => ({
      ...(pointOf({ lo: 1n, hi: 1n, heights: [1n, 1n] }).evidence[0] as NonNullable<
        ReturnType<typeof pointOf>['evidence'][0]
      >),
      chain: `eip155:${index}` as typeof ONE,
      groups: ['operator-one', 'operator-two', 'operator-three'],
    }));
    const source = '\u202e'.repeat(5_000);
    const alerts = machine([levelRule('critical', { confirmations: 1 })], { movesSince: () => moves });
    const point = pointOf({ lo: 1n, hi: 1n, heights: [1n, 1n] });
    const liabilities = { ...(point.liabilities as NonNullable<typeof point.liabilities>), source };
    const event = alerts.look(1n, { evidence: many, liabilities }).events[0];
    const body = event?.body ?? '';
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(20_000);
    const shown = data(body) as { moved: unknown[]; evidence: unknown[]; truncated: number };
    expect(shown.truncated).toBe(800 - shown.moved.length - shown.evidence.length);
    expect(body).not.toContain('\u202e');
  });

  it('keeps the episode’s times on the resolution', () => {
    const alerts = machine([levelRule('critical', { confirmations: 1, clears: 1 })]);
    alerts.look(990_000n);
    const resolved = data(alerts.look(1_040_000n).events[0]?.body ?? '');
    expect(resolved).toMatchObject({
      state: 'resolved',
      previous_state: 'firing',
      sequence: 2,
      fired_at: '2026-11-22T00:01:00.000Z',
      resolved_at: '2026-11-22T00:02:00.000Z',
    });
  });
});

describe('data rules', () => {
  it('data.stale fires when the last complete point is old enough, turns critical when it lasts, and resolves on a complete one', () => {
    const alerts = machine([dataRule('data.stale', { afterMs: 10 * 60_000 })]);
    expect(alerts.look(1_040_000n).said).toEqual([]);
    alerts.wait(9);
    expect(alerts.evaluate([]).said).toEqual([]);
    expect(alerts.states()[0]?.phase).toBe('pending');
    expect(alerts.look(1_040_000n, { quality: 'incomplete' }, 1).said).toEqual(['data.stale alert.fired warning']);
    alerts.wait(110);
    expect(alerts.evaluate([]).said).toEqual(['data.stale alert.escalated critical']);
    expect(alerts.look(1_040_000n).said).toEqual(['data.stale alert.resolved critical']);
  });

  it('data.stale is critical at once while a level alert waits', () => {
    const alerts = machine([levelRule('critical'), dataRule('data.stale')]);
    alerts.look(1_040_000n);
    alerts.look(990_000n);
    alerts.wait(5);
    expect(alerts.evaluate([]).said).toEqual(['data.stale alert.fired critical']);
    expect(alerts.states()[0]).toMatchObject({ phase: 'pending', dataStale: true, count: 1 });
  });

  it('data.incomplete waits out its time, is not reset by a look that cannot tell, and resolves only on a complete look', () => {
    const alerts = machine([dataRule('data.incomplete', { afterMs: 3 * 60_000 })]);
    expect(alerts.look(1n, { quality: 'incomplete' }).said).toEqual([]);
    expect(alerts.look(1n, { quality: 'disagree' }, 2).said).toEqual([]);
    expect(alerts.look(1n, { quality: 'incomplete' }, 1).said).toEqual(['data.incomplete alert.fired warning']);
    expect(alerts.look(1n, { quality: 'disagree' }).said).toEqual([]);
    expect(alerts.look(1n, { quality: 'stale' }).said).toEqual([]);
    expect(alerts.evaluate([]).said).toEqual([]);
    expect(alerts.look(1n).said).toEqual(['data.incomplete alert.resolved warning']);
    alerts.look(1n, { quality: 'incomplete' });
    alerts.look(1n, {});
    expect(alerts.look(1n, { quality: 'incomplete' }, 10).said).toEqual([]);
  });

  it('data.disagree fires on a cell without quorum and on a dissenter that cost no cell', () => {
    const fault = { code: 'disagree', message: 'm', provider: 'p', retryable: true, chain: ONE, group: 'g' } as const;
    const alerts = machine([dataRule('data.disagree', { afterMs: 0 })]);
    expect(alerts.look(1n, { quality: 'disagree' }).said).toEqual(['data.disagree alert.fired warning']);
    expect(alerts.look(1n).said).toEqual(['data.disagree alert.resolved warning']);
    const good = pointOf({ lo: 1n, hi: 1n, heights: [9n, 9n] });
    expect(alerts.evaluate([good], undefined, contextOf({ providerFaults: [fault] })).said).toHaveLength(1);
    expect(alerts.evaluate([good], undefined, contextOf({ providerFaults: [fault] })).said).toEqual([]);
    expect(alerts.evaluate([good]).said).toEqual(['data.disagree alert.resolved warning']);
  });

  it('a rule for the whole entity wants every subject', () => {
    const alerts = machine([dataRule('data.stale', { asset: null, afterMs: 0 })]);
    const both = { subjects: ['USDT' as AssetCode, 'BTC' as AssetCode] };
    const usdt = pointOf({ lo: 1n, hi: 1n, heights: [1n, 1n] });
    expect(alerts.evaluate([usdt], undefined, contextOf(both)).said).toEqual(['data.stale alert.fired warning']);
    const btc = { ...usdt, asset: 'BTC' as AssetCode };
    expect(alerts.evaluate([usdt, btc], undefined, contextOf(both)).said).toEqual([
      'data.stale alert.resolved warning',
    ]);
  });

  it('of two subjects do not escalate each other', () => {
    const btc = 'BTC' as AssetCode;
    const alerts = machine([
      dataRule('data.incomplete', { afterMs: 0 }),
      dataRule('data.incomplete', { asset: btc, afterMs: 0 }),
    ]);
    const both = contextOf({ subjects: ['USDT' as AssetCode, btc] });
    const bad = pointOf({ lo: 1n, hi: 1n, heights: [1n, 1n], quality: 'incomplete' });
    expect(alerts.evaluate([bad], undefined, both).said).toEqual(['data.incomplete alert.fired warning']);
    const out = alerts.evaluate([bad, { ...bad, asset: btc }], undefined, both);
    expect(out.said).toEqual(['data.incomplete alert.fired warning']);
    expect(data(out.events[0]?.body ?? '')['asset']).toMatchObject({ id: 'BTC' });
  });
});
