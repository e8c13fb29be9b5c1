import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LIABILITY_KINDS, type LiabilityCheck, type LiabilityKind } from '../../src/liabilities/types.ts';
import { failingOf, run } from './cases.ts';
import { SUBJECTS, type Subject } from './unbound-subjects.ts';

const DOCS = resolve(import.meta.dirname, '../../docs/liabilities.md');
const [FROM, TO] = ['<!-- unbound: begin -->\n', '<!-- unbound: end -->'];
const HEAD = ['| kind | file | field | what passes |', '|---|---|---|---|'];

/** What passes though a reader could take it for proven: the notes of the result have to say so. */
const SAID: readonly (readonly [LiabilityKind, string, RegExp])[] = [
  ['htx', "a customer's path", /your id is not checked/],
  ['htx', "a customer's file", /Neither the signs of the amounts/],
  ['bitmex', 'the tree', /block_height is stated beside the tree/],
  ['leaf-list', 'the totals', /nothing in it binds them/],
  ['okx-stark-v1-sum', 'config.json', /names of the coins are labels/],
  ['okx-stark-v1-inclusion', "a customer's file", /larger or smaller by the field's prime/],
  ['okx-zk-v2-global', 'the global proof', /round_num is only stated beside the proof/],
  [
    'okx-zk-v2-global',
    'the same, if the known circuit names only itself',
    /bound only where the known circuit names them/,
  ],
  ['okx-zk-v2-inclusion', "a customer's file", /amounts may be moved between tokens/],
  ['gateio', 'the list of assets', /binds neither this unit nor the names of the coins/],
  ['binance', 'the list of assets', /binds neither this unit nor the names of the coins/],
];

/** Whether a changed file proves what the honest one does: valid as it was, or undecided for the very same reasons. */
function passes(changed: LiabilityCheck | undefined, honest: LiabilityCheck): boolean {
  if (changed?.verdict !== honest.verdict || changed.kind !== honest.kind) return false;
  const statuses = ({ checks }: LiabilityCheck): string => checks.map(({ name, status }) => `${name} ${status}`).join();
  return honest.verdict === 'valid' || statuses(changed) === statuses(honest);
}

/** What docs/liabilities.md calls a field: in every list's elements one, a circuit's description that nobody reads in one. */
function fieldOf(place: string, how: string): string {
  if (how === 'a member more' || how === 'another order of members') return 'objects';
  if (how === 'another spelling') return 'numbers and hashes';
  const field = place.replaceAll('.*', '[]');
  return `\`${field.replace(/(batch_circuit_config|recursive_circuit_configs\[\])\..*/, '$1.…') || 'the whole'}\``;
}

/** The changes that a verdict does not notice, as lines of the table; `(in some)`: not at every place of the field. */
async function unnoticed({ kind, title, check, call, name, at, changes }: Subject): Promise<readonly string[]> {
  const honest = (await run(check, call))[at]!;
  expect(failingOf(honest)).toEqual([]);
  expect(honest.kind).toBe(kind);
  const original = call.files[name]!;
  const counts = new Map<string, Map<string, { tried: number; passed: number }>>();
  for (const { what: how, place, text } of changes(original.text)) {
    if (text === original.text) continue;
    const entries = await run(check, { ...call, files: { ...call.files, [name]: { ...original, text } } });
    const field = fieldOf(place, how);
    const ofField = counts.get(field) ?? new Map<string, { tried: number; passed: number }>();
    const count = ofField.get(how) ?? { tried: 0, passed: 0 };
    counts.set(field, ofField.set(how, count));
    count.tried += 1;
    if (passes(entries[at], honest)) count.passed += 1;
  }
  expect(counts.size).toBeGreaterThan(0);
  const rows = [...counts].flatMap(([field, ofField]) => {
    const how = [...ofField]
      .filter(([, { passed }]) => passed > 0)
      .map(([one, { tried, passed }]) => (passed < tried ? `${one} (in some)` : one));
    return how.length === 0 ? [] : [`| ${kind} | ${title} | ${field} | ${how.sort().join(', ')} |`];
  });
  return rows.sort();
}

const tableOf = (docs: string): readonly string[] =>
  docs
    .slice(docs.indexOf(FROM) + FROM.length, docs.indexOf(TO))
    .trim()
    .split('\n');

/**
 * The table in docs/liabilities.md is exactly what passes: no more and no less. Of lists that would take minutes a few elements are
 * changed, the first and the last among them, but at least one of every field. UPDATE=1 writes the table anew.
 */
describe('what nothing binds, found by changing every field, is what docs/liabilities.md lists', () => {
  const found = new Map<Subject, readonly string[]>();
  it.each(SUBJECTS.map((one) => [`${one.kind}: ${one.title}`, one] as const))(
    '%s',
    async (_name, subject) => {
      const rows = await unnoticed(subject);
      found.set(subject, rows);
      const own = `| ${subject.kind} | ${subject.title} | `;
      const listed = tableOf(readFileSync(DOCS, 'utf8')).filter((line) => line.startsWith(own));
      if (process.env['UPDATE'] !== '1') expect(rows).toEqual(listed);
    },
    120_000,
  );

  it.each(SAID)('a result of %s (%s) says so', async (kind, title, words) => {
    const { check, call, at } = SUBJECTS.find((one) => one.kind === kind && one.title === title)!;
    expect((await run(check, call))[at]!.caveats.join(' ')).toMatch(words);
  });

  it('for every kind, and nothing is listed besides (UPDATE=1 writes it anew)', () => {
    expect(LIABILITY_KINDS.filter((kind) => !SUBJECTS.some((one) => one.kind === kind))).toEqual([]);
    expect(found.size, 'every file was changed').toBe(SUBJECTS.length);
    const table = [...HEAD, ...SUBJECTS.flatMap((subject) => found.get(subject)!)];
    const docs = readFileSync(DOCS, 'utf8');
    expect(docs.includes(FROM) && docs.includes(TO)).toBe(true);
    if (process.env['UPDATE'] === '1')
      writeFileSync(
        DOCS,
        `${docs.slice(0, docs.indexOf(FROM) + FROM.length)}\n${table.join('\n')}\n\n${docs.slice(docs.indexOf(TO))}`,
      );
    expect(tableOf(readFileSync(DOCS, 'utf8'))).toEqual(table);
  });
});
