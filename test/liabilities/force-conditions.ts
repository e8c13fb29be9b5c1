import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LiabilityCheck } from '../../src/liabilities/types.ts';
import { type Call, type Case, type Check, failingOf, run } from './cases.ts';
import { type Condition, type Instrumented, instrument, sourcesOf, type Trace } from './conditions.ts';

/** Conditions that may be forced without any case noticing, and why that is no hole. */
export interface Justified {
  readonly why: string;
  readonly file: string;
  /** The conditions as they stand in the source, `→ true` or `→ false`. */
  readonly forced: readonly string[];
}

interface Prepared {
  readonly call: Call;
  readonly outcome: string;
  readonly trace: Trace;
  /** How long it took, in ms. */
  readonly time: number;
}

/** All that a verdict consists of; how a check that was made puts it in words may differ. */
const outcomeOf = (entries: readonly LiabilityCheck[]): string =>
  JSON.stringify(
    entries.map((entry) => ({
      ...entry,
      checks: entry.checks.map(({ name, status, detail }) => `${name} ${status} ${status === 'skipped' ? detail : ''}`),
    })),
  );

/** Whether those that are listed are tried too: minutes instead of seconds. */
const EVERY = process.env['TRY_EVERY_CONDITION'] === '1';

/** How many more rounds than as written a loop may make before it counts as endless. */
const MORE_ROUNDS = 20_000;

/**
 * The tests of a family's conditions: each one of its sources is forced true, then false, and some call must then end otherwise, but for
 * those that are listed with a reason. `load` gives the family's verifier out of the instrumented source. Where the files are `slow` to
 * check, all of this runs with TRY_EVERY_CONDITION=1 only.
 */
export function describeConditions(
  wanted: (file: string) => boolean,
  calls: readonly Call[],
  cases: readonly Case[],
  load: (made: Instrumented) => Promise<Check>,
  justified: readonly Justified[],
  { slow = false } = {},
): void {
  const whole = EVERY || !slow;
  let made: Instrumented;
  let check: Check;
  let prepared: readonly Prepared[];
  /** One of all calls that met the same and ended alike. */
  let distinct: readonly Prepared[];
  beforeAll(async () => {
    made = instrument(wanted);
    check = await load(made);
    const all: Prepared[] = [];
    for (const call of whole ? [...cases, ...calls] : cases.filter(({ byCondition }) => byCondition)) {
      let outcome = '';
      const start = performance.now();
      const trace = await made.trace(async () => {
        outcome = outcomeOf(await run(check, call));
      });
      all.push({ call, outcome, trace, time: performance.now() - start });
    }
    // The first that notices ends the search: the quick ones are asked first.
    prepared = all.sort((a, b) => a.time - b.time);
    distinct = [...new Map(all.map((one) => [`${one.trace.met} ${one.outcome}`, one])).values()];
  }, 300_000);
  afterAll(() => made?.remove());

  const forced = async (condition: Condition, value: boolean, { call, trace }: Prepared): Promise<string> => {
    try {
      return await made.force(condition, value, 3 * trace.ticks + MORE_ROUNDS, async () =>
        outcomeOf(await run(check, call)),
      );
    } catch (error) {
      return `threw ${(error as Error).message}`;
    }
  };

  const sources = sourcesOf(wanted);
  const eachCondition = (): void => {
    it('what is listed stands in a source that is tried', () => {
      expect(justified.filter(({ file }) => !sources.includes(`liabilities/${file}`))).toEqual([]);
    });
    it.each(sources)(
      'forced either way makes some file end otherwise, but for those listed: %s',
      async (source) => {
        const own = justified.filter(({ file }) => `liabilities/${file}` === source);
        const listed = own.flatMap(({ forced: all }) => all);
        const survivors: string[] = [];
        const met: string[] = [];
        // What noticed one condition of a source often notices the next.
        let latest: readonly Prepared[] = [];
        for (const condition of made.conditions.filter(({ file }) => file === source))
          for (const value of condition.ways) {
            const name = `${condition.text} → ${value}`;
            met.push(name);
            if (listed.includes(name) && !EVERY) continue;
            let noticed = false;
            for (const one of listed.includes(name) ? distinct : [...latest, ...prepared]) {
              if (!one.trace.saw(condition.id, !value)) continue;
              noticed = (await forced(condition, value, one)) !== one.outcome;
              if (noticed) {
                latest = [one, ...latest.filter((other) => other !== one)].slice(0, 8);
                break;
              }
            }
            if (!noticed) survivors.push(name);
          }
        console.info(
          `${source}: ${met.length} forced conditions, ${prepared.length} calls, ${distinct.length} of them apart; ${listed.length} are listed`,
        );
        for (const { why, forced: all } of own) console.info(`${all.length} × ${why}`);
        expect(survivors.filter((one) => !listed.includes(one)).sort()).toEqual([]);
        // What is listed must be there, and with every one tried, unnoticed.
        expect(listed.filter((one) => !(EVERY ? survivors : met).includes(one))).toEqual([]);
      },
      900_000,
    );
  };
  if (whole) describe('each condition of the source', eachCondition);
  else
    console.info(
      'the conditions of this source are forced one by one with TRY_EVERY_CONDITION=1 only: it takes minutes',
    );

  const unread = cases.filter(({ byCondition }) => byCondition);
  describe.runIf(unread.length > 0)('what a check without switch refuses passes with one condition forced', () => {
    it.each(unread.map((one) => [`${one.kind}: ${one.check}, ${one.name}: ${one.byCondition}`, one] as const))(
      '%s',
      async (_name, one) => {
        const ready = prepared.find(({ call }) => call === one)!;
        const on = (await run(check, one)).at(one.at ?? 0)!;
        expect(failingOf(on)).toEqual([one.check]);
        expect(on.verdict).toBe('invalid');
        const like = one.like === undefined ? null : (await run(check, { ...one, files: one.like })).at(one.at ?? 0)!;
        for (const condition of made.conditions)
          for (const value of condition.ways) {
            if (`${condition.text} → ${value}` !== one.byCondition || !ready.trace.saw(condition.id, !value)) continue;
            // What is let through is worked on further than what was refused.
            const off = (await made.force(condition, value, Number.POSITIVE_INFINITY, () => run(check, one))).at(
              one.at ?? 0,
            )!;
            if (like === null) expect(off.verdict).toBe('valid');
            else expect(outcomeOf([off])).toBe(outcomeOf([like]));
            return;
          }
        expect.unreachable('no such condition was met');
      },
    );
  });
}
