import { describe, expect, it } from 'vitest';
import { printBigDecimal, readBigDecimal } from '../../../src/liabilities/merkle/java-decimal.ts';
import { bitgetUntil2025 } from '../../../src/liabilities/merkle/paths/bitget.ts';
import type { Json } from '../../../src/lib/json.ts';
import { flipped, kindOf, leaves, parsed, replaced } from '../okx-zk-v2/json-edit.ts';
import { call, failing, printJson, SKIP_REASON, sample, samplesPresent } from './call.ts';
import {
  type Balances,
  balancesOf,
  bitgetFile,
  bitgetOldFile,
  bybitFile,
  coinexFile,
  htxFile,
  mexcFile,
  okxV1File,
  sha,
} from './generate.ts';
import { bybitFirst, edit } from './path-cases.ts';

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

  describe('Bitget until October 2025: bare numbers with all of their decimals', () => {
    it.each(['texts', 'numbers'] as const)('is valid with amounts printed as %s, and says so', async (print) => {
      const [entry] = await call({ a: bitgetOldFile(print) });
      expect(entry).toMatchObject({ kind: 'bitget', verdict: 'valid', grade: 'inclusion-only' });
      expect(entry?.caveats.join(' ')).toContain('until October 2025');
      const [now] = await call({ a: bitgetFile() });
      expect(now?.caveats.join(' ')).not.toContain('until October 2025');
    });

    it('a change is named by the check that finds it, not by that of the other rounds', async () => {
      const json = jsonOf(JSON.parse(bitgetOldFile()));
      expect(await passing(json)).toEqual([]);
      const other = replaced(json, ['path', 1, 'merkelLeaf'], '0123456789abcdef');
      expect(failing((await call({ a: printJson(other) }))[0])).toEqual(['root-hash']);
    });

    it('zeros at the end of an account count', async () => {
      const text = bitgetOldFile('texts', undefined, 0);
      expect(text).toContain('"ETH":"0.50"');
      expect(failing((await call({ a: text.replace('"ETH":"0.50"', '"ETH":"0.5"') }))[0])).toEqual(['leaf']);
    });

    it('one parent of a published round (BitgetLimited/proof-of-reserves, da5bb91, round of 2025-08-22)', () => {
      const amounts = (btc: string, usdt: string) =>
        new Map(
          [
            ['BTC', btc],
            ['ETH', '0'],
            ['USDT', usdt],
            ['USDC', '0'],
          ].map(([k, v]) => [k!, readBigDecimal(v!)!]),
        );
      const [left, right] = [
        { hash: '8105aeae72e378e2', amounts: amounts('0.00000054', '1484.52298053') },
        { hash: 'cd3b3c22513c03e8', amounts: amounts('0', '20.00189909') },
      ];
      const preimage = bitgetUntil2025.parentPreimage(left, right, amounts('0.00000054', '1504.52487962'), 22);
      expect(sha(preimage).slice(0, 16)).toBe('48b435330c1e27c3');
    });

    it.each([
      ['0.00', '0.00'],
      ['0.000000', '0.000000'],
      ['0.0000000', '0E-7'],
      ['-0.00', '0.00'],
      ['0.000001', '0.000001'],
      ['0.00000120', '0.00000120'],
      ['0.00000012', '1.2E-7'],
      ['-0.000000120', '-1.20E-7'],
      ['6.7E-7', '6.7E-7'],
      ['12.50', '12.50'],
      ['-3', '-3'],
    ])('%s is printed as %s', (text, printed) => {
      expect(printBigDecimal(readBigDecimal(text)!)).toBe(printed);
    });

    it.each(['', '-', '1.', '.5', '1E+3', '1E3', '1e-7', '0x1', '1E-100', '9'.repeat(79), ' 1'])(
      '%j is no amount',
      (text) => {
        expect(readBigDecimal(text)).toBeNull();
      },
    );
  });

  it('the first list of Bybit has its own order and decimals', async () => {
    expect((await call({ file: bybitFirst() }))[0]).toMatchObject({ kind: 'bybit', verdict: 'valid' });
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
    for (const file of [okxV1File(8, 7, negative), htxFile(8, 7, negative)])
      expect(failing((await call({ file }))[0])).toEqual(['signs']);
  });

  it.each([
    ['Bitget', bitgetFile],
    ['MEXC', mexcFile],
  ] as const)('names negative subtotals of %s in a caveat, and refuses a negative root', async (_name, make) => {
    const [entry] = await call({ file: make(8, 7, negative) });
    expect(entry).toMatchObject({ verdict: 'valid' });
    expect(entry?.caveats.join(' ')).toContain('step 1 has a negative subtotal in BTC');
    const deep = (at: number, assets: readonly string[]): Balances =>
      Object.fromEntries(assets.map((asset) => [asset, at === 6 ? -1_000_000_000_000n : 1n]));
    expect(failing((await call({ file: make(8, 7, deep) }))[0])).toEqual(['signs']);
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

describe("other publishers' files that are alike", () => {
  const hash = sha('node');
  const [short, id] = [hash.slice(0, 16), hash.slice(0, 32)];
  const balances = { BTC: '0.10000000' };
  // Keys of the publishers' own examples and tools (repositories proof-of-reserves of each); contents are made up.
  const alike: Readonly<Record<string, unknown>> = {
    Bitunix: {
      path: [{ type: 2, nonce: 'n', height: 2, balances, encryptUid: id, merkleLeaf: hash, precisions: { BTC: 8 } }],
      self: { type: 1, nonce: 'n', height: 2, balances, encryptUid: id, merkleLeaf: hash, precisions: { BTC: 8 } },
    },
    UZX: {
      path: [
        { auditId: 'A1', balances, encryptUid: id.toUpperCase(), level: 2, merkelLeaf: short, nonce: 'N', role: 2 },
      ],
      self: { auditId: 'A1', balances, encryptUid: id.toUpperCase(), level: 2, merkelLeaf: short, nonce: 'N', role: 1 },
    },
    Bifinance: {
      path: [
        {
          auditId: 'a',
          balances,
          level: 1,
          merkelLeaf: hash,
          nonce: 'n',
          role: 2,
          parentMerkelLeaf: hash,
          encryptUid: hash,
        },
      ],
      self: {
        auditId: 'a',
        balances,
        level: 1,
        merkelLeaf: hash,
        nonce: 'n',
        role: 1,
        parentMerkelLeaf: hash,
        encryptUid: hash,
      },
    },
    Hotcoin: {
      ...{ protocol: 'HOTCOIN-POR-SUM', assets: [{ coin: 'BTC', decimals: 8 }] },
      self: { snapshotId: '2026', accountId: hash, nonce: hash, balances, leafHash: hash, leafIndex: 1, leafCount: 2 },
      path: [{ position: 'RIGHT', hash, balances }],
    },
    'Hotcoin, what everybody sees': {
      protocol: 'HOTCOIN-POR-SUM',
      snapshotId: '2026',
      root: hash,
      userTotals: balances,
    },
    Bitbase: {
      ...{
        version: 'POR_V1',
        auditId: 20260101,
        recordId: hash,
        balances,
        leafPayload: 'POR_V1|BTC=0.1',
        leafHash: hash,
      },
      ...{ rootHash: hash, proof: [{ position: 'LEFT', hash }] },
    },
    SwissBorg: {
      audit_id: 'S1',
      liabilities: [
        { liability: '0.12', proof: { leaf_index: 2, nonce: hash, witnesses: [{ digest: hash, liability: '1' }] } },
      ],
    },
  };
  it.each(Object.entries(alike))('%s: of no kind that is checked, so undecided', async (_name, file) => {
    expect(await call({ a: file })).toMatchObject([{ kind: null, verdict: 'undecided' }]);
  });

  it('what is changed in a file of a known kind does not make it unknown', async () => {
    for (const [kind, { file }] of Object.entries(GENERATED))
      for (const { path, value } of leaves(jsonOf(file)))
        expect((await call({ a: printJson(replaced(jsonOf(file), path, changeOf(value))) }))[0]?.kind).toBe(kind);
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
