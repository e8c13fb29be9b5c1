import { describe, expect, it } from 'vitest';
import { poseidon } from '../../../src/liabilities/bn254/poseidon.ts';
import { HTX } from '../../../src/liabilities/htx/format.ts';
import { zkmerkle } from '../../../src/liabilities/zkmerkle/format.ts';
import { rootOfEqualLeaves } from '../../../src/liabilities/zkmerkle/path.ts';
import type { Json } from '../../../src/lib/json.ts';
import { call, printJson } from '../merkle/call.ts';
import { flipped, kindOf, leaves, parsed, replaced } from '../okx-zk-v2/json-edit.ts';
import { makeSet } from './set-maker.ts';

const SLOTS = 9;
const { table, list, users, root } = makeSet(SLOTS);
const all = { 'proof0.csv': table, 'config.json': list };
const failing = (entry: { readonly checks: readonly { name: string; status: string }[] } | undefined) =>
  entry?.checks.filter(({ status }) => status === 'fail').map(({ name }) => name);

describe("HTX's zero-knowledge files", () => {
  it("the empty accounts' leaf and the empty trees' roots of its source follow from its rules", () => {
    // EmptyAccountLeafNodeHash of merkle_groth16/circuit/constants.go, at 5390028 and at f57c44d.
    const nil = [
      0x0cc1c37a517c3b8db148653c41b15dc7f0136dc284fb2818adf26669d897298cn,
      0x05b03718e844609464db69f0f4f7eb7daf0e4c765f3575978b57cb0a4750a43en,
    ];
    for (const [i, { slots, emptyRoot }] of HTX.versions.entries()) {
      const leaf = poseidon([0n, 0n, 0n, poseidon(Array<bigint>(slots).fill(0n))]);
      expect([leaf, rootOfEqualLeaves(leaf)]).toEqual([nil[i], emptyRoot]);
    }
  });

  it('are recognised as its own, tables by the root that they start from', () => {
    for (const text of [list, ...users.filter((_, i) => i !== 2)]) expect(zkmerkle.recognise(text)).toBe('htx');
    const known = makeSet(168);
    expect(zkmerkle.recognise(known.table)).toBe('htx');
    expect(zkmerkle.recognise(table)).toBe('gateio');
  });

  it('fit together: the table stays undecided with the reason, the customers are included', async () => {
    const [proof, alice, bob] = await call({ ...all, 'alice.json': users[0], 'bob.json': users[1] });
    expect(proof).toMatchObject({ kind: 'htx', verdict: 'undecided', grade: 'none', totals: [], root });
    expect(proof?.checks.filter(({ status }) => status !== 'pass')).toMatchObject([
      { name: 'groth16', status: 'skipped' },
    ]);
    expect(proof?.checks.at(-1)?.detail).toContain('without their sign');
    expect(proof?.caveats.join(' ')).toContain("HTX's own parameters");
    for (const user of [alice, bob]) {
      expect(user).toMatchObject({ kind: 'htx', verdict: 'valid', grade: 'inclusion-only', binding: 'none', root });
      expect(user?.checks.at(-1)).toMatchObject({ name: 'user-totals', status: 'skipped' });
      expect(user?.caveats.join(' ')).toContain('signs of the amounts');
    }
  });

  it('of a circuit of its source, without the list too', async () => {
    const known = makeSet(174);
    const [proof, user] = await call({ 't.csv': known.table, 'u.json': known.users[3] });
    expect([proof?.verdict, user?.verdict]).toEqual(['undecided', 'valid']);
  });

  it('of an unknown number of assets are undecided alone: the reason names the number', async () => {
    const [user] = await call({ 'u.json': users[0] });
    expect(user).toMatchObject({ file: 'inclusion file 1', kind: 'htx', verdict: 'undecided' });
    expect(user?.checks.at(-1)).toMatchObject({ name: 'path', status: 'skipped' });
    // Its list tells the number: then what was changed is known to be.
    const changed = users[0]!.replace('"Balance":5', '"Balance":6');
    const told = await call({ 'l.json': list, 'u.json': users[0], 'v.json': changed });
    expect(told.slice(1).map(({ verdict }) => verdict)).toEqual(['undecided', 'invalid']);
    expect(told[1]?.checks.at(-1)).toMatchObject({ name: 'root-link', status: 'skipped' });
    const [proof] = await call({ 't.csv': table });
    expect(proof).toMatchObject({ verdict: 'undecided' });
    expect(proof?.checks.filter(({ status }) => status === 'skipped')[0]).toMatchObject({ name: 'root-start' });
    // Nothing is known of how such a circuit commits, so nothing of it is held against the table.
    expect((await call({ 't.csv': table, 'l.json': makeSet(5).list })).map(({ verdict }) => verdict)).toEqual([
      'undecided',
      'undecided',
    ]);
  });

  it('no list of a length that cannot be hashed stops the check', async () => {
    const thirteen = list.replace(
      ']',
      `,${[9, 10, 11, 12].map((i) => `{"TotalBalance":0,"Symbol":"x${i}","Index":${i}}`).join()}]`,
    );
    const entries = await call({ 't.csv': table, 'l.json': thirteen });
    expect(entries.map(({ verdict }) => verdict)).toEqual(['undecided', 'undecided']);
  });
});

describe('one element changed', () => {
  const judge = async (changed: Readonly<Record<string, unknown>>) => call({ ...all, 'u.json': users[0], ...changed });

  it('in every field of a customer: nothing passes, but signs', async () => {
    const json = parsed(users[0]!);
    expect((await judge({}))[1]?.verdict).toBe('valid');
    for (const { path, value } of leaves(json)) {
      if (path[0] === 'Proof' && (path[1] as number) % 9 !== 0) continue;
      const [, user] = await judge({ 'u.json': printJson(replaced(json, path, flipped(value))) });
      expect(user?.verdict, kindOf(path)).toBe('invalid');
      const [, without] = await judge({ 'u.json': printJson(replaced(json, path, undefined)) });
      expect(without?.verdict, `without ${kindOf(path)}`).not.toBe('valid');
    }
    expect((await judge({ 'u.json': users[0]!.replace('"Balance":5', '"Balance":-5') }))[1]?.verdict).toBe('valid');
  });

  it('in every field of the list: nothing passes, but names and signs', async () => {
    const json = parsed(list);
    const passed = new Set<string>();
    for (const { path, value } of leaves(json)) {
      if ((path[1] as number) > 3) continue;
      const changed: Json = replaced(json, path, flipped(value));
      const entries = await judge({ 'config.json': printJson(changed) });
      if (entries.every(({ verdict }) => verdict !== 'invalid')) passed.add(kindOf(path));
    }
    expect([...passed].sort()).toEqual(['CexAssetsInfo.*.Symbol', 'ProofTable', 'ZkKeyName']);
  });

  it('in the table: another start, a broken chain, another input', async () => {
    const other = makeSet(SLOTS, ([, after]) => [5n, after!]);
    expect(failing((await judge({ 'proof0.csv': other.table }))[0])).toEqual(['root-chain']);
    const started = makeSet(SLOTS, (roots, i) => (i === 0 ? [5n, roots[1]!] : roots));
    // Its circuit is not known by its start, and its list is that of no circuit known.
    expect((await judge({ 'proof0.csv': started.table }))[0]).toMatchObject({ verdict: 'undecided' });
    const full = makeSet(168, (roots, i) => (i === 0 ? [5n, roots[1]!] : roots));
    expect(failing((await call({ 't.csv': full.table, 'l.json': full.list }))[0])).toEqual(['root-start']);
    const input = table.replace(/"([A-Za-z0-9+/]{43}=)","1"$/, `"${Buffer.alloc(32, 1).toString('base64')}","1"`);
    expect(input).not.toBe(table);
    expect(failing((await judge({ 'proof0.csv': input }))[0])).toEqual(['batch-commitment']);
  });
});
