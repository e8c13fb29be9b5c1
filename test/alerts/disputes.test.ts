import { describe, expect, it } from 'vitest';
import type { AlertState, DisputeRule } from '../../src/domain/alert.ts';
import { type BaseUnits, baseUnits } from '../../src/domain/amount.ts';
import type { Dispute } from '../../src/domain/dispute.ts';
import type { Address, EntityId } from '../../src/domain/ids.ts';
import { evaluateAlerts } from '../../src/evaluate-alerts.ts';
import { contextOf, ENTITY, levelRule, pointOf, T0 } from './fixtures.ts';

const DAY = 86_400_000;
const [BITFINEX, HTX] = ['bitfinex', 'htx'] as [EntityId, EntityId];
const RULE: DisputeRule = {
  family: 'dispute',
  name: 'ownership.disputed',
  entity: ENTITY,
  asset: null,
  with: null,
  repeatMs: 7 * DAY,
  severity: 'warning',
};

const dispute = (index: number, other: EntityId, copied = false): Dispute => ({
  namespace: 'eip155',
  address: `0x${index.toString(16).padStart(40, '0')}` as Address,
  line: index,
  with: other,
  copied,
});

function machine(rules: readonly (DisputeRule | ReturnType<typeof levelRule>)[] = [RULE]) {
  let states: readonly AlertState[] = [];
  let height = 100n;
  return (day: number, disputes: readonly Dispute[], point?: Partial<Parameters<typeof pointOf>[1]>) => {
    height += 1n;
    const look = { lo: 1_040_000n, hi: 1_040_000n, heights: [height, height] as const };
    const output = evaluateAlerts({
      rules,
      states,
      points: [pointOf(look, point)],
      nowMs: T0 + day * DAY,
      context: contextOf({ disputes, publishers: [ENTITY, BITFINEX, HTX] }),
    });
    states = JSON.parse(JSON.stringify(output.states)) as readonly AlertState[];
    return output.events.map(({ body, ...event }) => ({
      ...event,
      said: `${event.rule} ${event.type} ${event.severity}`,
      data: (JSON.parse(body) as { data: Record<string, unknown> }).data,
    }));
  };
}
const FIRED = 'ownership.disputed alert.fired warning';
const GREW = 'ownership.disputed alert.escalated warning';
const RESOLVED = 'ownership.disputed alert.resolved warning';
const said = (events: ReturnType<ReturnType<typeof machine>>) => events.map((one) => one.said);

describe('ownership.disputed', () => {
  it('is one alert for each other publisher: fires at once, tells of more addresses, and resolves when it ends', () => {
    const look = machine();
    expect(look(0, [])).toEqual([]);
    const [first] = look(1, [dispute(1, BITFINEX)]);
    expect(first?.said).toBe(FIRED);
    expect(look(2, [dispute(1, BITFINEX)])).toEqual([]);
    const [second] = look(3, [dispute(1, BITFINEX), dispute(1, HTX)]);
    expect(second?.said).toBe(FIRED);
    expect(second?.fingerprint).not.toBe(first?.fingerprint);
    const [more] = look(4, [dispute(1, BITFINEX), dispute(2, BITFINEX), dispute(1, HTX)]);
    expect([more?.said, more?.fingerprint]).toEqual([GREW, first?.fingerprint]);
    expect(more?.data['reason']).toMatch(/^More addresses: Acme: 2 addresses/);
    // Fewer is no news, and neither is the same again before a week is over.
    expect(look(5, [dispute(2, BITFINEX), dispute(1, HTX)])).toEqual([]);
    expect(said(look(10, [dispute(2, BITFINEX), dispute(1, HTX)]))).toEqual([
      'ownership.disputed alert.repeated warning',
    ]);
    const ended = look(10.5, [dispute(2, BITFINEX)]);
    expect([said(ended), ended[0]?.fingerprint]).toEqual([[RESOLVED], second?.fingerprint]);
    expect(ended[0]?.data['reason']).toBe("Resolved: no address of Acme's list in use is disputed with htx any more.");
    expect(said(look(12, []))).toEqual([RESOLVED]);
    expect(look(13, [])).toEqual([]);
    const [again] = look(14, [dispute(1, BITFINEX)]);
    expect([again?.said, again?.fingerprint, again?.episode]).toEqual([FIRED, first?.fingerprint, 2]);
  });

  it('names the publisher, how many addresses, how much of what, and which were copied', () => {
    const look = machine();
    const part = (amount: bigint): { entity: EntityId; cells: number; amount: BaseUnits } => ({
      entity: BITFINEX,
      cells: 2,
      amount: baseUnits(amount),
    });
    const disputed = { amount: baseUnits(260_000n), proven: baseUnits(0n), with: [part(260_000n)] };
    const [event] = look(
      1,
      Array.from({ length: 7 }, (_, index) => dispute(index, BITFINEX, index < 2)),
      { disputed },
    );
    expect(event?.data).toMatchObject({
      schema: 'por.alert/1',
      state: 'firing',
      kind: null,
      value: null,
      disputed: {
        with: 'bitfinex',
        addresses: 7,
        copied: 2,
        examples: Array.from({ length: 5 }, (_, index) => ({
          namespace: 'eip155',
          address: dispute(index, HTX).address,
        })),
        assets: [{ asset: 'USDT', decimals: 6, amount: '260000', observed_hi: '1040000', share_ppm: '250000' }],
        more_assets: 0,
      },
      next: 'reservewatch addresses overlaps --entity acme',
    });
    const reason = String(event?.data['reason']);
    expect(reason).toContain('7 addresses of its list in use');
    expect(reason).toContain('and 2 more) are claimed by the newest list of bitfinex too');
    expect(reason).toContain('2 of them carry the very signatures of bitfinex: copied from it.');
    expect(reason).toContain('In doubt: 0.26 USDT (25.00 % of the reserves).');
    expect(Buffer.byteLength(JSON.stringify(event?.data))).toBeLessThan(20_000);
  });

  it('comes without a ratio alert, which stays what it was', () => {
    const look = machine([RULE, levelRule('below-100'), levelRule('critical', { basis: 'proven' })]);
    const proofs = { lo: baseUnits(500_000n), hi: baseUnits(500_000n) };
    const inDoubt = {
      observed: { lo: baseUnits(500_000n), hi: baseUnits(1_040_000n) },
      proven: proofs,
      disputed: {
        amount: baseUnits(540_000n),
        proven: baseUnits(540_000n),
        with: [{ entity: BITFINEX, cells: 1, amount: baseUnits(540_000n) }],
      },
    };
    expect(look(0, [])).toEqual([]);
    expect(said(look(1, [dispute(1, BITFINEX)], inDoubt))).toEqual([FIRED]);
    for (const day of [2, 3, 4]) expect(look(day, [dispute(1, BITFINEX)], inDoubt)).toEqual([]);
  });

  it('ends with its rule, and says so', () => {
    const rules: DisputeRule[] = [RULE];
    const look = machine(rules);
    look(1, [dispute(1, BITFINEX)]);
    rules.pop();
    const [event] = look(2, [dispute(1, BITFINEX)]);
    expect(event?.said).toBe(RESOLVED);
    expect(event?.data['reason']).toContain('rule_removed');
  });
});
