import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlertEvent, type AlertState, LEVELS, type Rule } from '../src/domain/alert.ts';
import { evaluateAlerts } from '../src/evaluate-alerts.ts';
import { contextOf, type Look, levelRule, pointOf, T0 } from './alerts/fixtures.ts';
import { newRef, refLook } from './alerts/reference-model.ts';

const rules = LEVELS.map((level) => levelRule(level, { clears: level === 'warning' ? 2 : 3 }));
const numbers = rules.map((rule) => ({
  fire: rule.firePpm,
  clear: rule.clearPpm,
  needed: rule.confirmations,
  clears: rule.clears,
  repeat: rule.repeatMs,
}));

/** Ratios around every threshold, so that all bands are visited. */
const ppm = fc.constantFrom(
  ...[990_000n, 999_999n, 1_000_000n, 1_001_999n, 1_002_000n, 1_004_999n, 1_005_000n, 1_009_999n, 1_010_000n],
  ...[1_019_999n, 1_020_000n, 1_024_999n, 1_025_000n, 1_040_000n],
);
const step = fc.record({
  lo: ppm,
  width: fc.oneof({ weight: 6, arbitrary: fc.constant(0n) }, fc.constantFrom(500n, 30_000n, 1_000_000n)),
  up: fc.tuple(fc.constantFrom(1n, 1n, 1n, 1n, 0n), fc.constantFrom(1n, 1n, 1n, 1n, 0n)),
  secondHeavy: fc.boolean(),
  secondMissing: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
  quality: fc.oneof(
    { weight: 8, arbitrary: fc.constant('complete' as const) },
    fc.constantFrom('incomplete' as const, 'disagree' as const, 'stale' as const, 'not_final' as const),
  ),
  assurance: fc.oneof(
    { weight: 9, arbitrary: fc.constant('A2' as const) },
    fc.constantFrom('A0' as const, 'A1' as const, null),
  ),
  present: fc.oneof({ weight: 12, arbitrary: fc.constant(true) }, fc.constant(false)),
  minutes: fc.constantFrom(1, 10, 65, 300, 1500),
});
/** Runs of like ratios: independent draws hardly ever confirm three times in a row. */
const looks = fc
  .array(fc.tuple(step, fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: 9 })
  .map((runs) => runs.flatMap(([one, times]) => Array.from({ length: times }, () => one)));

describe('the alert reducer', () => {
  it('says word for word what the reference model says, over random sequences of looks', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(looks, (sequence) => {
        const refs = rules.map(newRef);
        let states: readonly AlertState[] = [];
        let now = T0;
        let heights: [bigint, bigint] = [100n, 100n];
        const trace: AlertEvent[] = [];
        const told: string[][] = [];
        const meant: string[][] = [];
        let rising = true;
        for (const one of sequence) {
          now += one.minutes * 60_000;
          heights = [heights[0] + one.up[0], heights[1] + one.up[1]];
          const look: Look | null = one.present ? { ...one, hi: one.lo + one.width, heights, atMs: now } : null;
          const points = look ? [pointOf(look)] : [];
          const before = states;
          const out = evaluateAlerts({ rules, states, points, nowMs: now, context: contextOf() });
          const expected = refLook(refs, numbers, look, now).map(
            ([level, word, episode, number]) => `${LEVELS[level]} ${word} ${episode}-${number}`,
          );
          const got = out.events.map(
            (event) =>
              `${event.rule.slice('coverage.'.length)} ${event.type.slice(6)} ${event.episode}-${event.sequence}`,
          );
          told.push([...got, ...out.states.map(({ phase }) => phase)]);
          meant.push([...expected, ...refs.map(({ phase }) => phase)]);
          for (const text of got)
            seen.set(text.split(' ')[1] as string, (seen.get(text.split(' ')[1] as string) ?? 0) + 1);
          rising &&= heightsRise(before, out.states);
          states = out.states;
          trace.push(...out.events);
        }
        expect(told).toEqual(meant);
        expect(rising).toBe(true);
        checkTrace(trace);
      }),
      { numRuns: 12_000 },
    );
    for (const word of ['fired', 'resolved', 'escalated', 'repeated']) expect(seen.get(word) ?? 0).toBeGreaterThan(500);
  }, 300_000);
});

/** One fire opens each episode, sequences count up by one, nothing follows a resolution, ids never repeat. */
function checkTrace(trace: readonly AlertEvent[]): void {
  const open = new Map<string, { episode: number; sequence: number }>();
  const last = new Map<string, number>();
  for (const { fingerprint, type, episode, sequence, id } of trace) {
    const current = open.get(fingerprint);
    expect(id).toBe(`${fingerprint}-${episode}-${sequence}`);
    expect(id).not.toContain('.');
    if (type === 'alert.fired') {
      expect(current).toBeUndefined();
      expect([episode, sequence]).toEqual([(last.get(fingerprint) ?? 0) + 1, 1]);
    } else expect([episode, sequence]).toEqual([current?.episode, (current?.sequence ?? 0) + 1]);
    last.set(fingerprint, episode);
    if (type === 'alert.resolved') open.delete(fingerprint);
    else open.set(fingerprint, { episode, sequence });
  }
  expect(new Set(trace.map(({ id }) => id)).size).toBe(trace.length);
}

/** While an alert is not ok, the heights that counted only rise; an alert that is ok keeps none. */
function heightsRise(before: readonly AlertState[], after: readonly AlertState[]): boolean {
  return after.every((state) => {
    if (state.phase === 'ok') return Object.keys(state.lastHeights).length === 0;
    const old = before.find(({ fingerprint }) => fingerprint === state.fingerprint)?.lastHeights ?? {};
    return Object.entries(old).every(([chain, height]) => BigInt(state.lastHeights[chain] ?? -1) >= BigInt(height));
  });
}

describe('unknown', () => {
  it('never resolves, whatever makes it unknown and however long it lasts', () => {
    const low = (height: bigint) => pointOf({ lo: 990_000n, hi: 990_000n, heights: [height, height] });
    const fine = { lo: 1_100_000n, hi: 1_100_000n };
    let states: readonly AlertState[] = [];
    for (const height of [1n, 2n, 3n])
      states = evaluateAlerts({ rules, states, points: [low(height)], nowMs: T0, context: contextOf() }).states;
    expect(states.map(({ phase }) => phase)).toEqual(['firing', 'firing', 'firing']);
    const unknowns = (height: bigint) => [
      [],
      [pointOf({ ...fine, heights: [height, height], quality: 'stale' })],
      [pointOf({ ...fine, heights: [height, height], assurance: 'A1' })],
      [pointOf({ ...fine, heights: [height, height], assurance: null })],
      [pointOf({ ...fine, heights: [height, height] }, { liabilities: null })],
      [pointOf({ ...fine, heights: [height, height], quality: 'incomplete' })],
      [pointOf({ ...fine, heights: [height, height], quality: 'disagree' })],
      [pointOf({ ...fine, heights: [2n, 2n] })],
      [pointOf({ ...fine, heights: [height, height], secondMissing: true })],
      [pointOf({ lo: 0n, hi: 9_000_000n, heights: [height, height], quality: 'incomplete' })],
    ];
    for (let height = 10n; height < 60n; height += 1n)
      for (const points of unknowns(height)) {
        const out = evaluateAlerts({ rules, states, points, nowMs: T0 + Number(height), context: contextOf() });
        expect(out.events).toEqual([]);
        expect(out.states.map(({ phase }) => phase)).toEqual(['firing', 'firing', 'firing']);
        states = out.states;
      }
  });
});

const twice = (input: Parameters<typeof evaluateAlerts>[0]) => [evaluateAlerts(input), evaluateAlerts(input)];

describe('purity', () => {
  it('gives the same bytes for the same input, and does not touch it', () => {
    const input = {
      rules: rules.map((rule) => ({ ...rule, confirmations: 1 })) as readonly Rule[],
      states: Object.freeze([]),
      points: [pointOf({ lo: 990_000n, hi: 990_000n, heights: [1n, 1n] })],
      nowMs: T0,
      context: contextOf(),
    };
    const [a, b] = twice(input);
    expect(a).toEqual(b);
    expect(a?.events).toHaveLength(3);
    expect(a?.events.map(({ body }) => body)).toEqual(b?.events.map(({ body }) => body));
  });
});
