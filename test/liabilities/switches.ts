import { describe, expect, it } from 'vitest';
import type { LiabilityCheck, LiabilityKind } from '../../src/liabilities/types.ts';
import { type Call, type Case, type Check, failingOf, listed, namesOf, run } from './cases.ts';

/** Names whose check never refuses: it says what is missing, and is skipped. By kind, with the reason. */
export type OnlySkipped = Partial<Readonly<Record<LiabilityKind, Readonly<Record<string, string>>>>>;

/** What a result says, but for the record of the check that was switched off. */
const without = (entry: LiabilityCheck, { check, sameButRoot }: Case) => ({
  ...entry,
  root: sameButRoot ? typeof entry.root : entry.root,
  checks: entry.checks.filter(({ name }) => name !== check).map(({ name, status }) => `${name} ${status}`),
});

/**
 * The tests of a family's switches: every name that check-names.ts lists for its kinds has a case that this check alone refuses, and
 * that passes once the check is left out; and no run shows a name that is not listed.
 */
export function describeSwitches(
  kinds: readonly LiabilityKind[],
  cases: readonly Case[],
  honest: readonly Call[],
  check: Check,
  onlySkipped: OnlySkipped = {},
  parts: readonly string[] = [],
): void {
  const seen = new Set<string>();
  const judge = async (call: Call, off: readonly string[] = []): Promise<readonly LiabilityCheck[]> => {
    const entries = await run(check, call, off);
    for (const { kind, checks } of entries) for (const { name } of checks) seen.add(`${kind} ${listed(name)}`);
    return entries;
  };
  const tried = cases.filter(({ byCondition }) => byCondition === undefined);

  describe('honest files', () => {
    it.each(honest.map((call) => [call.name, call] as const))('%s', async (_name, call) => {
      for (const entry of await judge(call)) expect(failingOf(entry)).toEqual([]);
    });
  });

  describe('each check switched off lets something through that it alone refuses', () => {
    it.each(tried.map((one) => [`${one.kind}: ${one.check}, ${one.name}`, one] as const))('%s', async (_name, one) => {
      const at = one.at ?? 0;
      const on = (await judge(one)).at(at)!;
      expect(on.kind).toBe(one.kind);
      if (one.open) {
        expect(on.verdict).toBe('undecided');
        expect(on.checks.at(-1)).toMatchObject({ name: one.check, status: 'skipped' });
      } else {
        expect(failingOf(on)).toEqual([one.reported ?? one.check]);
        expect(on).toMatchObject({ verdict: 'invalid', grade: 'none', binding: 'none', totals: [], root: null });
      }
      const off = (await judge(one, [one.check])).at(at)!;
      if (one.like === undefined) expect(off.verdict, JSON.stringify(off.checks.at(-1))).toBe('valid');
      else {
        const like = (
          await judge({ ...one, files: one.like, circuits: one.likeCircuits ?? one.circuits ?? [] }, [one.check])
        ).at(at)!;
        expect(like.verdict).toBe('undecided');
        expect(without(off, one)).toEqual(without(like, one));
        expect(without(on, one)).not.toEqual(without(like, one));
      }
    });
  });

  describe('no check is without a case', () => {
    it.each(kinds)('%s', (kind) => {
      const own = cases.filter((one) => one.kind === kind).map((one) => listed(one.check));
      const left = namesOf(kind).filter((name) => !own.includes(name));
      const reasons = onlySkipped[kind] ?? {};
      expect(left.sort()).toEqual(Object.keys(reasons).sort());
      for (const [name, reason] of Object.entries(reasons)) console.info(`${kind}: ${name} never refuses: ${reason}`);
    });
    it('of the parts of one check either', () => {
      const all = new Set(cases.map(({ check: name }) => name));
      expect(parts.filter((part) => !all.has(part))).toEqual([]);
    });
    it('and every name that a run showed is listed', () => {
      const known = kinds.flatMap((kind) => namesOf(kind).map((name) => `${kind} ${name}`));
      expect([...seen].filter((name) => !known.includes(name))).toEqual([]);
    });
  });
}
