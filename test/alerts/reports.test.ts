import { describe, expect, it } from 'vitest';
import type { AlertState, ReportRule } from '../../src/domain/alert.ts';
import type { Attestation } from '../../src/domain/attestation.ts';
import type { Sha256 } from '../../src/domain/ids.ts';
import { evaluateAlerts } from '../../src/evaluate-alerts.ts';
import { contextOf, ENTITY, T0 } from './fixtures.ts';

const DAY = 86_400_000;
const common = { family: 'report', entity: ENTITY, asset: null, repeatMs: 7 * DAY } as const;
const NEW: ReportRule = { ...common, name: 'report.new', afterMs: 0, severity: 'info' };
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
    return out.events.map(({ type, severity, episode, body }) => ({
      said: `${type.slice(6)} ${severity} ${episode}`,
      reason: (JSON.parse(body) as { data: { reason: string } }).data.reason,
    }));
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
