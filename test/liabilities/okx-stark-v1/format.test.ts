import { describe, expect, it } from 'vitest';
import { okxStarkV1 } from '../../../src/liabilities/okx-stark-v1/format.ts';
import type { LiabilityCheck, LiabilityFile } from '../../../src/liabilities/types.ts';
import { fileOf, namesFailing } from './round.ts';
import { recognised, SKIP_REASON, sampleFiles, samplesPresent, textOf } from './samples.ts';

const TRUNK_ROOT = '3c1937eca3b72db1e474728e9474a13c417af3ab24da88737d8215a54fad242e';
const check = async (files: readonly LiabilityFile[]): Promise<readonly LiabilityCheck[]> =>
  okxStarkV1.check(await recognised(files), { circuits: [] });
const sums = (entries: readonly LiabilityCheck[]) => entries.filter(({ kind }) => kind === 'okx-stark-v1-sum');
const failing = (entries: readonly LiabilityCheck[]): string[] => entries.flatMap(({ checks }) => namesFailing(checks));

describe.skipIf(!samplesPresent)(`a set of OKX zk-STARK v1 files (${SKIP_REASON})`, () => {
  const round = samplesPresent ? sampleFiles('sum_proof_data') : [];
  const users = samplesPresent ? sampleFiles('inclusion_proof_data') : [];
  const without = (pattern: RegExp) => round.filter(({ name }) => !pattern.test(name));
  const changed = (pattern: RegExp, change: (text: string) => string) =>
    round.map((file) => (pattern.test(file.name) ? fileOf(file.name, change(textOf(file.name))) : file));

  it('is valid as a whole: main coins one by one, the others together, every account included', async () => {
    const entries = await check([...round, ...users]);
    expect(entries).toHaveLength(2 + 37);
    expect(new Set(entries.map(({ verdict }) => verdict))).toEqual(new Set(['valid']));
    const [main, others] = sums(entries);
    expect(main).toMatchObject({
      ...{ file: 'sum_proof_data/trunk/sum_proof.json', grade: 'zk-global', binding: 'per-asset-total' },
      root: TRUNK_ROOT,
      totals: [
        { asset: 'BTC', amount: '1154179934' },
        { asset: 'ETH', amount: '1271481560' },
      ],
    });
    expect(main!.uses).toContain('sum_proof_data/batches/b0/sum_proof.json');
    expect(others).toMatchObject({
      ...{ grade: 'zk-global', binding: 'combined-total' },
      totals: [
        { asset: 'combined-net', amount: '4834378167' },
        { asset: 'combined-others', amount: '2408716673' },
      ],
    });
    expect(others!.caveats.join(' ')).toContain('USDT, OKB');
    expect(entries.at(-1)).toMatchObject({
      ...{ kind: 'okx-stark-v1-inclusion', grade: 'inclusion-only', binding: 'none', totals: [], root: TRUNK_ROOT },
      uses: ['sum_proof_data/trunk/sum_proof.json'],
    });
  });

  it('shows nothing of a customer', async () => {
    for (const files of [[...round, ...users], users]) {
      const shown = JSON.stringify((await check(files)).filter(({ kind }) => kind.endsWith('inclusion')));
      for (const { name } of users) {
        const { batch_inclusion_proof: own } = JSON.parse(textOf(name)) as {
          batch_inclusion_proof: Record<string, string> & { merkle_path: string[] };
        };
        for (const key of ['user_id', 'total_value', 'BTC', 'random_number', 'batch_mtree_root'])
          expect(shown).not.toContain(own[key]!);
        for (const node of own.merkle_path) expect(shown).not.toContain(node);
        expect(shown).not.toContain(name);
        expect(shown).not.toMatch(/batches|user_\d/);
      }
    }
  });

  it('leaves inclusions alone undecided, and those whose sum proofs fail', async () => {
    const [alone] = await check([users[0]!]);
    expect(alone).toMatchObject({ verdict: 'undecided', grade: 'none', uses: [], root: TRUNK_ROOT });
    expect(alone!.checks.at(-1)).toMatchObject({ name: 'root-link', status: 'skipped' });
    const bad = changed(/a1.sum_values/, (text) => text.replace(/"BTC": (\d+)\d/, '"BTC": $10'));
    const entries = await check([...bad, users[0]!]);
    expect(entries.map(({ verdict }) => verdict)).toEqual(['invalid', 'undecided']);
    expect(entries[0]).toMatchObject({ grade: 'none', binding: 'none', totals: [], root: null });
  });

  it('is undecided while a part is missing, never valid', async () => {
    for (const [pattern, name] of [
      [/config/, 'config'],
      [/trunk/, 'batch-sums'],
      [/batches/, 'batch-sums'],
      [/batches.a1/, 'batch-sums'],
      [/sum_proof.json/, 'sum-proof'],
      [/a1.sum_values/, 'sum-values'],
    ] as const) {
      const [entry, ...more] = await check(without(pattern));
      expect(more, name).toEqual([]);
      expect(entry, name).toMatchObject({ verdict: 'undecided', grade: 'none', totals: [] });
      expect(entry!.checks.find((one) => one.name === name)).toMatchObject({ status: 'skipped' });
    }
  });

  it('finds its parts by their content: names and order decide nothing', async () => {
    const renamed = [...round].reverse().map(({ name }, i) => fileOf(`download(${i})`, textOf(name)));
    const entries = await check(renamed);
    expect(entries.map(({ verdict }) => verdict)).toEqual(['valid', 'valid']);
    expect(entries[0]!.root).toBe(TRUNK_ROOT);
    const numbered = renamed.filter((_, i) => !/"total_value": 1816526395/.test(textOf([...round].reverse()[i]!.name)));
    expect((await check(numbered)).map(({ verdict }) => verdict)).toEqual(['undecided']);
  });

  it('names the file and the check that failed', async () => {
    const [entry] = await check(changed(/b0.sum_proof/, (text) => text.replace(/"pow_nonce": "./, '"pow_nonce": "e')));
    expect(failing([entry!])).toEqual(['proof-of-work']);
    expect(entry!.checks.find(({ status }) => status === 'fail')!.detail).toContain('batches/b0/sum_proof.json');
  });

  it('takes no sums of another batch, and no other coins', async () => {
    const other = textOf('sum_proof_data/batches/a0/sum_values.json');
    expect(failing(await check(changed(/a1.sum_values/, () => other)))).toEqual(['constraint-net-total']);
    expect(failing(await check(changed(/config/, (text) => text.replace('OKB', 'XXX'))))).toEqual(['sum-values']);
    expect(failing(await check(changed(/config/, (text) => text.replace(': 2', ': 1'))))).toEqual(['shape']);
    const swapped = changed(/config/, (text) => text.replace('"BTC","ETH"', '"ETH","BTC"'));
    expect(failing(await check(swapped))).toEqual(['constraint-coin-total']);
  });

  it('lets amounts move between coins that are not main, as the format does: they are totals of none', async () => {
    const move = (text: string) =>
      text.replace(/"USDT": (\d+), "OKB": (\d+)/, (_, a: string, b: string) => `"USDT": ${+a + 9}, "OKB": ${+b - 9}`);
    const entries = await check(changed(/(a1|trunk).sum_values/, move));
    expect(entries.map(({ verdict }) => verdict)).toEqual(['valid', 'valid']);
    expect(entries.flatMap(({ totals }) => totals.map(({ asset }) => asset))).not.toContain('USDT');
  });

  it('ends hostile files in a failing check, with bounded work', async () => {
    const proof = textOf('sum_proof_data/batches/a0/sum_proof.json');
    const deep = `{"l_mtree_root": ${'['.repeat(200_000)}`;
    for (const text of [
      '{"l_mtree_root": 1}',
      deep,
      proof.slice(0, 60_000),
      proof.replace('"steps": 256', '"steps": 4294967296'),
      proof.replace('"steps": 256', '"steps": 1e300'),
      proof.replace('"steps": 256', '"steps": 256.5'),
      proof.replace('"uts": 16', '"uts": 0'),
      proof.replace('"uts": 16', '"uts": -16'),
      proof.replace(/"mtree_branches": \[\[[^\]]*\], /, '"mtree_branches": ['),
      proof.replace(/("mtree_root": ")[0-9a-f]{4}/, '$1zzzz'),
      '{"low_degree_proof": null, "mtree_branches": {"length": 64}}',
    ]) {
      const entries = await check(changed(/a0.sum_proof/, () => text));
      expect(entries[0]!.verdict, text.slice(0, 60)).toBe('invalid');
      expect(failing(entries)).toHaveLength(1);
    }
    for (const text of ['{"main_coins_num": 2', '{"main_coins_num": 2, "coins": ["a","a"]}', `"total_value"${deep}`])
      expect((await check([...round, fileOf('x', text)]))[0]!.verdict, text.slice(0, 40)).toBe('invalid');
    const user = textOf(users[0]!.name);
    for (const text of [
      user.slice(0, -20),
      user.replace('"user_index": 0', '"user_index": 1e99'),
      user.replace('"user_index": 0', '"user_index": 0.5'),
      user.replace('"uts": 16', '"uts": 0'),
      user.replace(/"merkle_path": \[[^\]]*\]/, '"merkle_path": []'),
      user.replace('"coins": [', '"coins": ["__proto__",'),
      `{"trunk_inclusion_proof": 1, "batch_inclusion_proof": ${deep}`,
    ]) {
      const [entry] = await check([fileOf('x', text)]);
      expect(entry, text.slice(0, 60)).toMatchObject({ verdict: 'invalid', file: 'inclusion file 1', root: null });
    }
    const many = Array.from({ length: 13_000 }, () => ({ kind: 'okx-stark-v1-sum', file: fileOf('p', '{') }) as const);
    expect(failing(await okxStarkV1.check(many, { circuits: [] }))).toEqual(['number-of-files']);
    const large = {
      ...fileOf('p', proof),
      bytes: 1 << 30,
      readText: async () => ({ ok: false, error: 'too large' }) as const,
    };
    const [entry] = await okxStarkV1.check(
      [{ kind: 'okx-stark-v1-sum', file: large }, ...(await recognised(without(/a0.sum_proof/)))],
      { circuits: [] },
    );
    expect(entry!.verdict).toBe('invalid');
  });
});
