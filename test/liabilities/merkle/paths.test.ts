import { describe, expect, it } from 'vitest';
import { ok } from '../../../src/domain/result.ts';
import { createChecklist } from '../../../src/liabilities/checklist.ts';
import { checkPath } from '../../../src/liabilities/merkle/path.ts';
import type { PathFormat } from '../../../src/liabilities/merkle/path-format.ts';
import { bitget } from '../../../src/liabilities/merkle/paths/bitget.ts';
import { bybit } from '../../../src/liabilities/merkle/paths/bybit.ts';
import { coinex } from '../../../src/liabilities/merkle/paths/coinex.ts';
import { htx } from '../../../src/liabilities/merkle/paths/htx.ts';
import { mexc } from '../../../src/liabilities/merkle/paths/mexc.ts';
import { okxV1 } from '../../../src/liabilities/merkle/paths/okx-v1.ts';
import { type Json, parseJson } from '../../../src/lib/json.ts';
import { flipped, kindOf, leaves, parsed, replaced } from '../okx-zk-v2/json-edit.ts';
import { call, failing, printJson, SKIP_REASON, sample, samplesPresent } from './call.ts';
import {
  type Balances,
  balancesOf,
  bitgetFile,
  bybitFile,
  coinexFile,
  htxFile,
  mexcFile,
  okxV1File,
  sha,
} from './generate.ts';

const GENERATED: Readonly<Record<string, { readonly file: unknown; readonly unbound: readonly string[] }>> = {
  'okx-merkle-v1': { file: okxV1File(), unbound: [] },
  bitget: { file: bitgetFile(), unbound: [] },
  mexc: { file: mexcFile(), unbound: [] },
  bybit: { file: bybitFile(), unbound: ['self.nonce'] },
  htx: { file: htxFile(), unbound: ['data.*.depth', 'data.*.r', 'data.*.type', 'data.*.uhash'] },
  coinex: { file: coinexFile(), unbound: [] },
};

const jsonOf = (value: unknown): Json => parsed(JSON.stringify(value));
/** An empty text has no digit to change. */
const changeOf = (value: Json): Json => (value === '' ? 'x' : flipped(value));

/** The kinds of places whose change leaves the file valid. */
async function passing(json: Json): Promise<readonly string[]> {
  const passed = new Set<string>();
  for (const { path, value } of leaves(json)) {
    const [entry] = await call({ 'a.json': printJson(replaced(json, path, changeOf(value))) });
    if (entry?.verdict === 'valid') passed.add(kindOf(path));
  }
  return [...passed].sort();
}

describe('generated paths', () => {
  for (const [kind, { file, unbound }] of Object.entries(GENERATED)) {
    it(`${kind}: valid alone, at the lowest grade, with a caveat, binding nothing`, async () => {
      const [entry] = await call({ 'a.json': file });
      expect(failing(entry)).toEqual([]);
      expect(entry).toMatchObject({ kind, verdict: 'valid', grade: 'inclusion-only', binding: 'none', totals: [] });
      expect(entry?.caveats.join(' ')).toContain('compare it with the root that the publisher shows');
    });

    it(`${kind}: one element changed in every field is noticed, but for ${unbound.join(', ') || 'none'}`, async () => {
      expect(await passing(jsonOf(file))).toEqual(unbound);
    });

    it(`${kind}: each field left out is noticed`, async () => {
      const json = jsonOf(file);
      const passed = new Set<string>();
      for (const { path } of leaves(json)) {
        const [entry] = await call({ 'a.json': printJson(replaced(json, path, undefined)) });
        if (entry?.verdict === 'valid') passed.add(kindOf(path));
      }
      // Named in docs/liabilities.md: what a file need not have.
      const optional: Readonly<Record<string, readonly string[]>> = {
        'okx-merkle-v1': ['path.*.auditId'],
        bybit: ['path.*.auditId', 'self.nonce'],
        // Only where the amount is zero.
        coinex: ['path.*.balances.BTC'],
        mexc: ['pathList.*.balances.USDC'],
        htx: ['data.*.depth', 'data.*.type', 'data.*.uhash'],
      };
      expect([...passed].sort()).toEqual(optional[kind] ?? []);
    });

    it(`${kind}: cut short anywhere it is never valid`, async () => {
      const text = JSON.stringify(file);
      for (let end = 1; end < text.length; end += 97) {
        const [entry] = await call({ 'a.json': text.slice(0, end) });
        expect(['invalid', 'undecided']).toContain(entry?.verdict);
      }
    });

    it(`${kind}: is held against a published root of the call`, async () => {
      const [alone] = await call({ 'a.json': file });
      const root = alone?.root as string;
      const [entry, more] = await call({ 'a.json': file, 'root.txt': `${root}\n` });
      expect(entry).toMatchObject({ verdict: 'valid', uses: ['root.txt'] });
      expect(more).toBeUndefined();
      const other = (root[0] === '1' ? '2' : '1') + root.slice(1);
      const [bad] = await call({ 'a.json': file, 'root.txt': other });
      expect(failing(bad)).toEqual(['root-link']);
    });
  }

  it('both ways of CoinEx to hash a node without neighbour', async () => {
    expect((await call({ a: coinexFile('alone') }))[0]).toMatchObject({ kind: 'coinex', verdict: 'valid' });
  });

  it('the first list of Bybit has its own order and decimals', async () => {
    const join = (b: readonly string[]): string => b.join('');
    const zero = ['1.00000000', '2.00000000', '3.0000', '4.0000'];
    const own = ['0.50000000', '1.00000000', '0.2500', '0.0000'];
    const sums = ['1.50000000', '3.00000000', '3.2500', '4.0000'];
    const balance = ([BTC, ETH, USDT, USDC]: readonly string[]) => ({ USDC, BTC, ETH, USDT });
    const [self, other] = [sha(`uh${join(own)}`), sha('other')];
    const file = {
      self: { auditId: '1', type: 1, hash: self, height: 1, nonce: 'n', userHash: 'uh', balance: balance(own) },
      path: [
        { auditId: '1', type: 2, hash: other, height: 1, balance: balance(zero) },
        { auditId: '1', type: 3, hash: sha(`${self}${other}${join(sums)}2`), height: 2, balance: balance(sums) },
      ],
    };
    expect((await call({ file }))[0]).toMatchObject({ kind: 'bybit', verdict: 'valid' });
  });
});

describe('cheating and signs', () => {
  it("a two-leaf tree that cheats by a sibling's balance shows inclusion only", async () => {
    const small = (at: number, assets: readonly string[]): Balances =>
      at === 0 ? balancesOf(7, assets) : Object.fromEntries(assets.map((asset) => [asset, 0n]));
    // The neighbour's hash is that of a large balance; the file and the sums say zero.
    const file = okxV1File(2, 0, small);
    const large = sha(`other nonce{"BTC":"1000000","ETH":"0","USDT":"0"}`);
    const root = file.path[1]!;
    const hash = sha(
      `${file.self.hash}${large}${root.balances['BTC']}${root.balances['ETH']}${root.balances['USDT']}${2}`,
    );
    const cheat = {
      ...file,
      path: [
        { ...file.path[0]!, hash: large },
        { ...root, hash },
      ],
    };
    const [entry] = await call({ cheat });
    expect(entry).toMatchObject({ verdict: 'valid', grade: 'inclusion-only', binding: 'none', totals: [] });
    expect(entry?.caveats.join(' ')).toContain('No total is proven');
  });

  const negative = (at: number, assets: readonly string[]): Balances => {
    const own = balancesOf(at, assets);
    return at === 6 ? { ...own, [assets[0]!]: -5n } : own;
  };

  it('refuses a negative amount where the format has none', async () => {
    for (const file of [okxV1File(8, 7, negative), mexcFile(8, 7, negative), htxFile(8, 7, negative)])
      expect(failing((await call({ file }))[0])).toEqual(['signs']);
  });

  it("names Bitget's negative subtotals in a caveat, and refuses a negative root", async () => {
    const [entry] = await call({ file: bitgetFile(8, 7, negative) });
    expect(entry).toMatchObject({ verdict: 'valid' });
    expect(entry?.caveats.join(' ')).toContain('step 1 has a negative subtotal in BTC');
    const deep = (at: number, assets: readonly string[]): Balances =>
      Object.fromEntries(assets.map((asset) => [asset, at === 6 ? -1_000_000_000_000n : 1n]));
    expect(failing((await call({ file: bitgetFile(8, 7, deep) }))[0])).toEqual(['signs']);
  });
});

/** For each check: a file that only this check refuses (it passes once the check is switched off). */
const ONLY: Readonly<Record<string, readonly (readonly [PathFormat, () => unknown])[]>> = {
  signs: [[okxV1, () => okxV1File(2, 0, (at, assets) => (at === 1 ? minus(assets, -1n) : minus(assets, 5n)))]],
  leaf: [
    [okxV1, () => edit(okxV1File(), ['self', 'nonce'], 'other')],
    [bitget, () => edit(bitgetFile(), ['self', 'nonce'], 'other')],
    [mexc, () => edit(mexcFile(), ['self', 'accountId'], 'other')],
    [bybit, () => edit(bybitFile(), ['self', 'userHash'], 'other')],
  ],
  sides: [
    [okxV1, () => edit(okxV1File(), ['path', -1, 'type'], 2)],
    [bitget, () => edit(bitgetFile(), ['self', 'role'], 1)],
    [mexc, () => edit(mexcFile(), ['self', 'type'], 1)],
    [bybit, () => edit(bybitFile(), ['self', 'type'], 1)],
    [htx, () => edit(htxFile(), ['data', -1, 'r'], 0)],
  ],
  heights: [
    [okxV1, () => edit(okxV1File(), ['self', 'height'], 2)],
    [bitget, () => edit(bitgetFile(), ['self', 'level'], 2)],
    [mexc, () => edit(mexcFile(), ['self', 'level'], 1)],
    [bybit, () => edit(bybitFile(), ['self', 'height'], 2)],
  ],
  padding: [
    [okxV1, () => edit(okxV1File(8, 2), ['path', 0, 'type'], 4)],
    [bitget, () => edit(bitgetFile(8, 2), ['path', 0, 'role'], 0)],
    [bybit, () => edit(bybitFile(8, 2), ['path', 0, 'type'], 4)],
    [mexc, () => mexcLone({ BTC: '1' })],
  ],
  round: [
    [okxV1, () => edit(okxV1File(), ['path', 0, 'auditId'], 'other')],
    [bitget, () => edit(bitgetFile(), ['path', 0, 'auditId'], 'other')],
    [bybit, () => edit(bybitFile(), ['path', 0, 'auditId'], 'other')],
  ],
  'root-hash': [
    [okxV1, () => edit(okxV1File(), ['path', -1, 'hash'], sha('x'))],
    [coinex, () => edit(coinexFile(), ['root', 'hash'], sha('x'))],
  ],
  'root-sums': [
    [okxV1, () => edit(okxV1File(), ['path', -1, 'balances', 'BTC'], '1')],
    [coinex, () => edit(coinexFile(), ['root', 'balances', 'BTC'], '1')],
    [mexc, () => edit(mexcFile(), ['pathList', -1, 'balances', 'BTC'], '1')],
    [bitget, () => edit(bitgetFile(), ['path', -1, 'balances', 'BTC'], '1')],
    [bybit, () => edit(bybitFile(), ['path', -1, 'balance', 'BTC'], '1.00000000')],
  ],
  // The amount left out is zero: every sum and every parent stays the same.
  assets: [
    [bitget, () => edit(bitgetFile(8, 2), ['path', 0, 'balances', 'USDC'], undefined)],
    [bybit, () => edit(bybitFile(8, 2), ['path', 0, 'balance', 'USDC'], undefined)],
  ],
  levels: [[okxV1, () => tallOkxV1(65)]],
};
const minus = (assets: readonly string[], units: bigint): Balances =>
  Object.fromEntries(assets.map((asset) => [asset, units]));

function edit(value: unknown, [key, ...rest]: readonly (string | number)[], to: unknown): unknown {
  if (key === undefined) return to;
  if (Array.isArray(value)) {
    const at = (key as number) < 0 ? value.length + (key as number) : (key as number);
    return value.map((item, i) => (i === at ? edit(item, rest, to) : item));
  }
  return { ...(value as object), [key]: edit((value as Record<string, unknown>)[key], rest, to) };
}

/** A path of OKX with that many neighbours, all without balance: every parent has the account's own sums. */
function tallOkxV1(levels: number): unknown {
  const { self } = okxV1File(2, 0);
  const balances = self.balances as Record<string, string>;
  const sums = `${balances['BTC']}${balances['ETH']}${balances['USDT']}`;
  const neighbour = (height: number): string => sha(`neighbour ${height}`);
  let hash = self.hash;
  for (let height = 1; height <= levels; height += 1) hash = sha(`${hash}${neighbour(height)}${sums}${height + 1}`);
  const path = Array.from({ length: levels }, (_, at) => ({
    auditId: 'audit-1',
    balances: { BTC: '0', ETH: '0', USDT: '0' },
    type: 2,
    hash: neighbour(at + 1),
    height: at + 1,
  }));
  return { self, path: [...path, { auditId: 'audit-1', balances, type: 3, hash, height: levels + 1 }] };
}

/** A path of MEXC whose one neighbour has no hash, so no place in the parent, but these balances. */
function mexcLone(empty: Readonly<Record<string, string>>): unknown {
  const own = mexcFile(2, 0).self;
  const sums = Object.entries(own.balances)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([asset, text]) => `${asset}:${text}`);
  const hash = sha(`${own.hash},,${sums.join(',')}`).slice(0, 32);
  return {
    pathList: [
      { level: 0, type: 2, hash: '', balances: empty },
      { level: 1, type: 3, hash, balances: own.balances },
    ],
    self: own,
  };
}

/** A file of each format with where its account, its first neighbour and its root print an amount of BTC. */
const PLACES: readonly (readonly [PathFormat, unknown, readonly (readonly (string | number)[])[]])[] = [
  [okxV1, okxV1File(), ['self', 0, -1].map((at) => [...place('path', at), 'balances', 'BTC'])],
  [bitget, bitgetFile(), ['self', 0, -1].map((at) => [...place('path', at), 'balances', 'BTC'])],
  [mexc, mexcFile(), ['self', 0, -1].map((at) => [...place('pathList', at), 'balances', 'BTC'])],
  [bybit, bybitFile(), ['self', 0, -1].map((at) => [...place('path', at), 'balance', 'BTC'])],
  [coinex, coinexFile(), ['self', 'root', 0].map((at) => [...place('path', at), 'balances', 'BTC'])],
];
function place(list: string, at: string | number): readonly (string | number)[] {
  return typeof at === 'string' ? [at] : [list, at];
}

describe('what cannot be read is refused by its check alone, and is never valid', () => {
  const judge = (json: Parameters<typeof checkPath>[0], format: PathFormat, name: string): void => {
    expect(failing(checkPath(json, format, 'f', []).check)).toEqual([name]);
    const off = checkPath(json, format, 'f', [], createChecklist(new Set([name]))).check;
    expect(failing(off)).toEqual([]);
    expect(off.verdict).toBe('invalid');
  };

  for (const [format, file, places] of PLACES) {
    it(`amounts of ${format.kind}`, () => {
      for (const path of places) judge(ok(jsonOf(edit(file, path, '1e3'))), format, 'amounts');
    });

    it(`shape of ${format.kind}`, () => judge(ok(jsonOf(edit(file, ['self'], {}))), format, 'shape'));
  }

  it('amounts and shape of htx', () => {
    const { data } = htxFile();
    for (const at of [0, 1, data.length - 1]) {
      const balances = data[at]!.balances.replace(/btc:[^,]*/, 'btc:1e3');
      judge(ok(jsonOf(edit({ data }, ['data', at, 'balances'], balances))), htx, 'amounts');
    }
    judge(ok(jsonOf({ data: data.slice(0, 2) })), htx, 'shape');
  });

  it('file', () => judge(parseJson('{"self":'), okxV1, 'file'));
});

describe('each check switched off lets something through', () => {
  for (const format of [okxV1, bitget, mexc, bybit, htx, coinex]) {
    it(`root-link of ${format.kind}`, () => {
      const json = ok(jsonOf(GENERATED[format.kind]?.file));
      const roots = [{ file: 'root.txt', hash: sha('another root').slice(0, format.hashDigits) }];
      expect(failing(checkPath(json, format, 'f', roots).check)).toEqual(['root-link']);
      const off = checkPath(json, format, 'f', roots, createChecklist(new Set(['root-link']))).check;
      expect(off.verdict).toBe('valid');
    });
  }

  for (const [name, cases] of Object.entries(ONLY)) {
    for (const [format, make] of cases) {
      it(`${name} of ${format.kind}`, () => {
        const json = ok(jsonOf(make()));
        const on = checkPath(json, format, 'f', []).check;
        expect(failing(on)).toEqual([name]);
        const off = checkPath(json, format, 'f', [], createChecklist(new Set([name]))).check;
        expect(off.verdict).toBe('valid');
      });
    }
  }

  it('assets of Bitget, Bybit and HTX: a node with one asset more', () => {
    const cases: readonly (readonly [PathFormat, unknown])[] = [
      [bitget, edit(bitgetFile(), ['path', 0, 'balances', 'BGB'], '0')],
      [bybit, edit(bybitFile(), ['path', 0, 'balance', 'XRP'], '0')],
    ];
    for (const [format, file] of cases)
      expect(failing(checkPath(ok(jsonOf(file)), format, 'f', []).check)).toEqual(['assets']);
    const swapped = htxFile();
    const right = swapped.data[3]!;
    const htxSwapped = edit(swapped, ['data', 3, 'balances'], right.balances.split(',').reverse().join(','));
    expect(failing(checkPath(ok(jsonOf(htxSwapped)), htx, 'f', []).check)).toEqual(['assets']);
    expect(checkPath(ok(jsonOf(htxSwapped)), htx, 'f', [], createChecklist(new Set(['assets']))).check.verdict).toBe(
      'valid',
    );
  });

  it('copies: an empty copy on the left', () => {
    const { self } = okxV1File(2, 1);
    const zero = { BTC: '0', ETH: '0', USDT: '0' };
    const { BTC, ETH, USDT } = self.balances as Record<string, string>;
    const hash = sha(`${self.hash}${self.hash}${BTC}${ETH}${USDT}2`);
    const path = [
      { auditId: 'audit-1', balances: zero, type: 1, hash: self.hash, height: 1 },
      { auditId: 'audit-1', balances: self.balances, type: 3, hash, height: 2 },
    ];
    const json = ok(jsonOf({ self, path }));
    expect(failing(checkPath(json, okxV1, 'f', []).check)).toEqual(['copies']);
    expect(checkPath(json, okxV1, 'f', [], createChecklist(new Set(['copies']))).check.verdict).toBe('valid');
  });

  it('levels: a path as long as the longest is valid', () => {
    expect(checkPath(ok(jsonOf(tallOkxV1(64))), okxV1, 'f', []).check.verdict).toBe('valid');
  });
});

describe('a set of paths', () => {
  it('of one round that lead to two roots is undecided, unless a published root decides', async () => {
    const [a, b] = [bitgetFile(8, 3), bitgetFile(8, 3, (at, assets) => balancesOf(at + 1, assets))];
    const both = await call({ a, b });
    expect(both.map(({ verdict }) => verdict)).toEqual(['undecided', 'undecided']);
    const root = (await call({ a }))[0]?.root as string;
    const settled = await call({ a, b, 'root.txt': root });
    expect(settled.map(({ verdict }) => verdict)).toEqual(['valid', 'invalid']);
    expect((await call({ a, c: bitgetFile(8, 5) })).map(({ verdict }) => verdict)).toEqual(['valid', 'valid']);
  });

  it('shows no id, amount, nonce or hash of a customer, not even in a name or a parser’s complaint', async () => {
    for (const { file } of Object.values(GENERATED)) {
      const text = JSON.stringify(file);
      const secrets = [...text.matchAll(/"([0-9a-f]{16,64}|\d+\.\d{3,}|\d{7,})"/g)].map(
        ([, secret]) => secret as string,
      );
      expect(secrets.length).toBeGreaterThan(3);
      for (const changed of [
        text,
        text.replace(/[0-9](?=[^0-9]*$)/, '9'),
        `${text.slice(0, -5)}`,
        text.replace('{', '{"a":1,"a":2,'),
      ]) {
        const entries = await call({ [`proof_${secrets.find((secret) => secret.length >= 16)}.json`]: changed });
        const root = entries[0]?.root;
        const shown = JSON.stringify(entries.map((entry) => ({ ...entry, root: null })));
        for (const secret of secrets)
          if (secret !== root && entries[0]?.kind !== null) expect(shown).not.toContain(secret);
      }
    }
  });
});

describe('hostile files', () => {
  it('end in invalid or undecided', async () => {
    const base = okxV1File();
    const hostile: Readonly<Record<string, unknown>> = {
      deep: `{"self":${'['.repeat(200_000)}`,
      deepMarked: `{"auditId":"1","balances":${'{"a":'.repeat(100_000)}`,
      huge: { ...base, pad: 'x'.repeat(2_000_000) },
      notObject: { self: [], path: {}, auditId: 1, balances: null },
      manyAssets: edit(
        base,
        ['self', 'balances'],
        Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`A${i}`, '1'])),
      ),
      longNumber: edit(base, ['self', 'balances', 'BTC'], '9'.repeat(100_000)),
      exponent: edit(base, ['self', 'balances', 'BTC'], '1e3'),
      proto: JSON.stringify(base).replace('"BTC"', '"__proto__"'),
      empty: { self: { auditId: '', balances: {} }, path: [] },
      twice: JSON.stringify(base).replace('"type":2', '"type":1,"type":2'),
    };
    for (const [name, file] of Object.entries(hostile)) {
      const [entry] = await call({ [name]: file });
      expect(['invalid', 'undecided'], name).toContain(entry?.verdict);
      expect(entry?.checks.length, name).toBeGreaterThan(0);
    }
  });
});

describe.skipIf(!samplesPresent)(`published samples (${SKIP_REASON})`, () => {
  it('reproduce', async () => {
    for (const [name, kind] of [
      ['okx-merkle/merkle_proof_file.json', 'okx-merkle-v1'],
      ['bitget/merkel_tree_bg.json', 'bitget'],
      ['mexc/merkle_proof.json', 'mexc'],
      ['bybit/mock_user_merkle_tree_path_40.json', 'bybit'],
      ['bybit/mock_user_merkle_tree_path_40_v2.json', 'bybit'],
      ['bybit/mock_user_merkle_tree_path_40_v5.json', 'bybit'],
    ] as const)
      expect((await call({ 'a.json': sample(name) }))[0]).toMatchObject({
        kind,
        verdict: 'valid',
        grade: 'inclusion-only',
      });
  });

  it('one element changed in every field is noticed, but for what these files do not bind', async () => {
    expect(await passing(parsed(sample('okx-merkle/merkle_proof_file.json')))).toEqual(['path.*.nonce']);
    expect(await passing(parsed(sample('bitget/merkel_tree_bg.json')))).toEqual([]);
    // The level of an empty node: it adds nothing wherever it stands.
    expect(await passing(parsed(sample('mexc/merkle_proof.json')))).toEqual(['pathList.*.level']);
    expect(await passing(parsed(sample('bybit/mock_user_merkle_tree_path_40.json')))).toEqual([
      'path.*.nonce',
      'self.nonce',
    ]);
    expect(await passing(parsed(sample('bybit/mock_user_merkle_tree_path_40_v5.json')))).toEqual([
      'self.auditId',
      'self.nonce',
    ]);
  });
});
