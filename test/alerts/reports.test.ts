import { describe, expect, it } from 'vitest';
import type { SetChange } from '../../src/domain/address-set.ts';
import type { AlertState, ReportRule } from '../../src/domain/alert.ts';
import type { Attestation, ListState } from '../../src/domain/attestation.ts';
import type { Sha256 } from '../../src/domain/ids.ts';
import { evaluateAlerts } from '../../src/evaluate-alerts.ts';
import { contextOf, ENTITY, T0 } from './fixtures.ts';

const DAY = 86_400_000;
const common = { family: 'report', entity: ENTITY, asset: null, repeatMs: 7 * DAY } as const;
const NEW: ReportRule = { ...common, name: 'report.new', afterMs: 0, severity: 'info' };
const APPROVAL: ReportRule = { ...common, name: 'report.approval', afterMs: 0, repeatMs: DAY, severity: 'warning' };
const OVERDUE: ReportRule = { ...common, name: 'report.overdue', afterMs: 37 * DAY, severity: 'warning' };

/** A list imported on that day after T0. */
const list = (day: number, more: { name?: string; asOfDay?: number } = {}): Attestation => ({
  file: {
    sha256: day.toString(16).padStart(64, 'a') as Sha256,
    name: more.name ?? `por-${day}.csv`,
    bytes: 1,
    format: 'okx-csv-11',
  },
  entity: ENTITY,
  issuedBy: 'publisher',
  asOfMs: more.asOfDay === undefined ? null : T0 + more.asOfDay * DAY,
  importedAtMs: T0 + day * DAY,
  rows: 4,
  faults: 0,
  set: { version: 1, hash: 'b'.repeat(64) as Sha256, cells: 4 },
});

function machine(rule: ReportRule) {
  let states: readonly AlertState[] = [];
  return (day: number, reports: readonly Attestation[]) => {
    const nowMs = T0 + day * DAY;
    const out = evaluateAlerts({ rules: [rule], states, points: [], nowMs, context: contextOf({ reports }) });
    states = out.states;
    return out.events.map(({ type, severity, episode, body }) => {
      const { data } = JSON.parse(body) as { data: Record<string, unknown> & { reason: string } };
      return { said: `${type.slice(6)} ${severity} ${episode}`, reason: data.reason, data, bytes: body.length };
    });
  };
}
const said = (events: readonly { said: string }[]) => events.map((event) => event.said);

describe('report.new', () => {
  it('says a list that came after the first look, once', () => {
    const look = machine(NEW);
    expect(look(1, [list(0)])).toEqual([]);
    const [fired] = look(3, [list(2), list(0)]);
    expect(fired?.said).toBe('fired info 1');
    expect(fired?.reason).toMatch(
      /the list "por-2.csv" of no stated moment \(4 rows, 0 faults, sha256 a+2\) was imported/,
    );
    expect(fired?.reason).not.toContain('other bytes');
    expect(said(look(4, [list(2), list(0)]))).toEqual(['resolved info 1']);
    expect(look(5, [list(2), list(0)])).toEqual([]);
  });

  it('says the first list of all, and one that came while the one before was told', () => {
    const look = machine(NEW);
    expect(look(0, [])).toEqual([]);
    expect(said(look(1, [list(1)]))).toEqual(['fired info 1']);
    expect(said(look(2, [list(2), list(1)]))).toEqual(['resolved info 1']);
    expect(said(look(3, [list(2), list(1)]))).toEqual(['fired info 2']);
  });

  it('warns of a file that was replaced under its name for the same moment, and only says it otherwise', () => {
    const look = machine(NEW);
    const old = list(0, { name: 'por.csv', asOfDay: -1 });
    look(0, [old]);
    const [fired] = look(2, [list(2, { name: 'por.csv', asOfDay: -1 }), old]);
    expect([fired?.said, fired?.reason]).toEqual([
      'fired warning 1',
      expect.stringContaining('had other bytes before'),
    ]);
    look(3, [list(2, { name: 'por.csv', asOfDay: -1 }), old]);
    const [next] = look(31, [list(30, { name: 'por.csv', asOfDay: 29 }), old]);
    expect([next?.said, next?.reason]).toEqual(['fired info 2', expect.stringContaining('had other bytes before')]);
  });
});

/** A change of the set by half of what USDT holds, with 20 of 60 cells named. */
const CHANGE: SetChange = {
  former: 'c'.repeat(64) as Sha256,
  formerVersion: 1,
  version: 2,
  added: 40,
  vanished: 20,
  assets: [{ asset: 'USDT' as never, held: '100', vanished: '50', added: '40.5', unknown: 0 }],
  largeRemovals: 1,
  cells: Array.from({ length: 20 }, (_, at) => ({
    change: 'vanished' as const,
    assetId: 'eip155:1/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7' as never,
    address: `0x${at.toString(16).padStart(40, '0')}` as never,
    amount: `${at}.${'1'.repeat(18)}`,
    by: 'read' as const,
  })),
  truncated: { assets: 0, cells: 40 },
};
const decided = (one: Attestation, state: ListState, by = 'watch'): Attestation => ({
  ...one,
  set: { ...one.set, version: 2 },
  change: CHANGE,
  decision: { state, by, atMs: T0 + 9 * DAY, note: by === 'operator' ? 'asked them' : null },
});

describe('report.approval', () => {
  it('asks once for a list that waits, says what changed and what to run, again every day, and ends with the decision', () => {
    const look = machine(APPROVAL);
    const waits = decided(list(2), 'waiting');
    expect(look(1, [list(0)])).toEqual([]);
    const [asked, ...others] = look(2, [waits, list(0)]);
    expect([asked?.said, others]).toEqual(['fired warning 1', []]);
    expect(asked?.reason).toContain('waits for approval and is not used');
    expect(asked?.reason).toContain('20 went and 40 came: set version 1 → 2');
    expect(asked?.reason).toContain('USDT 50.00 % of 100 (went 50, came 40.5)');
    expect(asked?.reason).toContain(`reservewatch report approve ${waits.file.sha256} --entity acme`);
    expect(asked?.reason).toContain(`rest on the list before it (sha256 ${list(0).file.sha256}, set version 1)`);
    expect(asked?.data).toMatchObject({
      report_waiting: waits.file.sha256,
      next: `reservewatch report approve ${waits.file.sha256} --entity acme`,
      list: { sha256: waits.file.sha256, set_version: 2, state: 'waiting' },
      set_change: {
        added: 40,
        vanished: 20,
        assets: [{ asset: 'USDT', vanished: '50', share_ppm: '500000' }],
        truncated: { cells: 40 },
      },
    });
    expect(asked?.data['set_change']).toHaveProperty('cells.length', 20);
    expect(asked?.bytes).toBeLessThan(20_000);
    expect(look(2.5, [waits, list(0)])).toEqual([]);
    expect(said(look(3, [waits, list(0)]))).toEqual(['repeated warning 1']);
    const [over] = look(10, [decided(list(2), 'approved', 'operator'), list(0)]);
    expect(over?.said).toBe('resolved warning 1');
    expect(over?.reason).toMatch(/was approved by operator at \S+: "asked them", and is used from now on/);
    expect(over?.data).toMatchObject({ report_waiting: null, list: { state: 'approved' } });
    expect(look(11, [decided(list(2), 'approved', 'operator'), list(0)])).toEqual([]);
  });

  it('is one episode a list: one that is rejected or passed over ends it, and another that waits is another', () => {
    const look = machine(APPROVAL);
    look(1, [decided(list(1), 'waiting'), list(0)]);
    const [passed] = look(2, [decided(list(2), 'waiting'), decided(list(1), 'waiting'), list(0)]);
    expect([passed?.said, passed?.reason]).toEqual([
      'resolved warning 1',
      expect.stringContaining('was never used: a newer list took its place'),
    ]);
    const second = [decided(list(2), 'waiting'), decided(list(1), 'waiting'), list(0)];
    expect(said(look(3, second))).toEqual(['fired warning 2']);
    const [rejected] = look(4, [decided(list(2), 'rejected', 'operator'), decided(list(1), 'rejected'), list(0)]);
    expect(rejected?.reason).toMatch(/was rejected by operator .* and is not used/);
    // The newer one was rejected: the one before it waits again.
    const [again] = look(5, [decided(list(2), 'rejected', 'operator'), decided(list(1), 'waiting'), list(0)]);
    expect(again?.said).toBe('fired warning 3');
  });

  it('of the first list of all says that none is in use', () => {
    const [asked] = machine(APPROVAL)(1, [decided(list(1), 'waiting')]);
    expect(asked?.reason).toContain('Until then no list is in use.');
  });
});

describe('report.new and approval', () => {
  it('is said when the list comes into use, not while it waits; a large removal is a warning', () => {
    const look = machine(NEW);
    look(0, [list(0)]);
    expect(look(2, [decided(list(2), 'waiting'), list(0)])).toEqual([]);
    const [news] = look(3, [decided(list(2), 'approved', 'operator'), list(0)]);
    expect([news?.said, news?.data]).toEqual([
      'fired warning 1',
      expect.objectContaining({ set_change: expect.objectContaining({ large_removals: 1 }) }),
    ]);
    expect(news?.reason).toContain('20 went and 40 came');
  });

  it('says that an address had its bytes replaced by where the files came from, else by their names', () => {
    const look = machine(NEW);
    const from = (day: number, origin: string): Attestation => ({ ...list(day, { name: 'latest.csv' }), origin });
    look(0, [from(0, 'one.example/latest.csv')]);
    const [other] = look(1, [from(1, 'two.example/latest.csv'), from(0, 'one.example/latest.csv')]);
    expect(other?.reason).not.toContain('other bytes');
    look(2, [from(1, 'two.example/latest.csv'), from(0, 'one.example/latest.csv')]);
    const all = [
      from(3, 'one.example/latest.csv'),
      from(1, 'two.example/latest.csv'),
      from(0, 'one.example/latest.csv'),
    ];
    const [same] = look(3, all);
    expect(same?.reason).toContain(
      `A file at the same address had other bytes before: sha256 ${from(0, '').file.sha256}`,
    );
  });
});

describe('report.overdue', () => {
  it('counts from the moment that the list is of, and resolves when a newer one is there', () => {
    const look = machine(OVERDUE);
    expect(look(37, [list(5, { asOfDay: 0 })])).toEqual([]);
    const [fired] = look(38, [list(5, { asOfDay: 0 })]);
    expect([fired?.said, fired?.reason]).toEqual([
      'fired warning 1',
      expect.stringContaining('the newest published list is 38 days old'),
    ]);
    // An old list that was imported late does not end it.
    expect(look(39, [list(39, { asOfDay: -30 }), list(5, { asOfDay: 0 })])).toEqual([]);
    expect(said(look(45, [list(5, { asOfDay: 0 })]))).toEqual(['repeated warning 1']);
    expect(said(look(46, [list(46, { asOfDay: 30 })]))).toEqual(['resolved warning 1']);
  });

  it('counts from the import where nobody said the moment, and says nothing where there is no list', () => {
    expect(machine(OVERDUE)(400, [])).toEqual([]);
    expect(machine(OVERDUE)(42, [list(5)])).toEqual([]);
    expect(said(machine(OVERDUE)(43, [list(5)]))).toEqual(['fired warning 1']);
  });
});
