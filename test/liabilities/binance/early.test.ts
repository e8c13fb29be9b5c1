import { describe, expect, it } from 'vitest';
import { BINANCE_UNTIL_2024 } from '../../../src/liabilities/binance/early.ts';
import { poseidon, type Rate } from '../../../src/liabilities/bn254/poseidon.ts';
import { zkmerkle } from '../../../src/liabilities/zkmerkle/format.ts';
import { rootOfEqualLeaves } from '../../../src/liabilities/zkmerkle/path.ts';
import { makeSet as makeGateio } from '../gateio/set-maker.ts';
import { call, printJson } from '../merkle/call.ts';
import { flipped, kindOf, leaves, parsed, replaced } from '../okx-zk-v2/json-edit.ts';
import { earlyNames } from './early-names.ts';

function makeSet(rate: Rate, slots = 350) {
  const { table, list, users, root } = makeGateio({ slots, rate });
  return { table, list: earlyNames(list), users: users.map(earlyNames), root };
}
const ROUNDS = [
  ['2022-12 to 2023-10, 12 numbers at a time', 12],
  ['2023-10 to 2024-09, 16 numbers at a time', 16],
] as const;

describe('Binance without collateral', () => {
  it("the empty accounts' leaves and the empty trees' roots of its source follow from its rules", () => {
    // EmptyAccountLeafNodeHash of circuit/constants.go at 2d35593 and at c1884aa.
    const nil = [
      0x163607ac0eaf42c44a36448da92f3a29f1943659df740f2490d47ddcd40ee672n,
      0x221970e0ba2d0b02a979e616cf186305372e73aab1e74f749772c9fef54dbf91n,
    ];
    for (const [i, { rate, emptyRoot }] of BINANCE_UNTIL_2024.versions.entries()) {
      const leaf = poseidon([0n, 0n, 0n, poseidon(Array<bigint>(234).fill(0n), rate)]);
      expect([leaf, rootOfEqualLeaves(leaf)]).toEqual([nil[i], emptyRoot]);
    }
  });

  describe.each(ROUNDS)('rounds of %s', (_name, rate) => {
    const { table, list, users, root } = makeSet(rate);

    it('are recognised, and fit together: undecided with the reason, customers included', async () => {
      for (const text of [list, users[0]!]) expect(zkmerkle.recognise(text)).toBe('binance');
      const [proof, user] = await call({ 'proof.csv': table, 'config.json': list, 'alice.json': users[0] });
      expect(proof).toMatchObject({ kind: 'binance', verdict: 'undecided', grade: 'none', totals: [], root });
      expect(proof?.checks.filter(({ status }) => status !== 'pass')).toMatchObject([
        { name: 'groth16', status: 'skipped' },
      ]);
      expect(user).toMatchObject({ kind: 'binance', verdict: 'valid', grade: 'inclusion-only', root });
      expect(user?.caveats.join(' ')).toContain('until September 2024');
    });

    it("of a customer's file nothing passes that is changed", async () => {
      const json = parsed(users[0]!);
      for (const { path, value } of leaves(json)) {
        if (path[0] === 'Proof' && path[1] !== 13) continue;
        const changed = printJson(replaced(json, path, flipped(value)));
        const entries = await call({ 'proof.csv': table, 'config.json': list, 'u.json': changed });
        expect(entries[1]?.verdict, kindOf(path)).toBe('invalid');
      }
    });

    it('a customer alone is undecided: by the root only, or where no number of assets fits', async () => {
      const [user] = await call({ 'u.json': users[0] });
      expect(user?.checks.at(-1)).toMatchObject({ name: 'root-link', status: 'skipped' });
      const [other] = await call({ 'u.json': makeSet(rate, 300).users[0] });
      expect(other).toMatchObject({ verdict: 'undecided' });
      expect(other?.checks.at(-1)).toMatchObject({ name: 'path', status: 'skipped' });
    });
  });

  it("a prover's settings are no list of assets", async () => {
    const settings = { DbSuffix: '0', ZkKeyName: ['zkpor10'], AssetsCountTiers: [10], BatchCount: 5 };
    expect(await call({ 'config.json': settings })).toMatchObject([{ kind: null, verdict: 'undecided' }]);
  });
});

describe('a table whose exchange nothing tells', () => {
  it('goes with the JSON files of the call, else with Gate.io', async () => {
    const { table, list } = makeSet(12);
    expect((await call({ t: table }))[0]?.kind).toBe('gateio');
    expect((await call({ t: table, l: list }))[0]?.kind).toBe('binance');
  });

  it('of a number of assets that is not known is undecided, not invalid; with its list it is known', async () => {
    const { table, list, users } = makeGateio({ slots: 137 });
    const [alone] = await call({ t: table });
    expect(alone).toMatchObject({ kind: 'gateio', verdict: 'undecided' });
    expect(alone?.checks.find(({ name }) => name === 'root-start')).toMatchObject({ status: 'skipped' });
    // The list has four assets: it does not tell that the circuit has 137.
    const [beside, own, user] = await call({ t: table, l: list, u: users[0] });
    expect([beside, own].map((entry) => entry?.verdict)).toEqual(['undecided', 'undecided']);
    expect(user?.verdict).toBe('undecided');
    const prices = Array<bigint>(137).fill(3n);
    const full = makeGateio({ slots: 137, prices });
    const [told, included] = await call({ t: full.table, l: full.list, u: full.users[0] });
    expect(told?.checks.filter(({ status }) => status !== 'pass')).toMatchObject([{ name: 'groth16' }]);
    expect(included?.verdict).toBe('valid');
  });

  it('is invalid where its list shows the circuit, and it does not start from that empty tree', async () => {
    const { table, list } = makeGateio({ slots: 350, rootStart: 5n });
    const [entry] = await call({ t: table, l: list });
    expect(entry?.checks.filter(({ status }) => status === 'fail')).toMatchObject([{ name: 'root-start' }]);
  });
});
