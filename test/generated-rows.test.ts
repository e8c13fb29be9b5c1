import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Network } from '../src/domain/network.ts';
import type { OwnershipProof } from '../src/domain/ownership.ts';
import { chainFamilyNames, loadChainFamily } from '../src/load-chain.ts';
import { loadRegistry } from '../src/load-registry.ts';
import type { GeneratedRow, RowGenerator } from './fixtures/generate-rows/row.ts';

const GENERATORS = new URL('./fixtures/generate-rows/', import.meta.url);
const files = readdirSync(GENERATORS).filter((name) => name.endsWith('.ts') && name !== 'row.ts');
const generators = await Promise.all(
  files.map(async (file) => ((await import(new URL(file, GENERATORS).href)) as { generator: RowGenerator }).generator),
);
const generatorOf = new Map(generators.flatMap((generator) => generator.families.map((name) => [name, generator])));

const loaded = loadRegistry();
if (!loaded.ok) throw new Error('the shipped registry does not load');
const networks = [...loaded.value.networks.values()];
const folders = readdirSync(new URL('../chains/', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** Families that have their own page. */
const ELSEWHERE = new Set(['evm', 'bitcoin']);
/** Families whose addresses carry no checksum in any form that the generator prints. */
const NO_CHECKSUM = new Set(['starknet', 'eos', 'icon', 'casper', 'canton']);
const BINDING = ['address-bound', 'owner-confirmed', 'owner-bound'];
const PROVING = [...BINDING, 'key-only'];

const familyOf = async (name: string) => {
  const family = await loadChainFamily(name);
  if (!family.ok) throw new Error(family.error);
  return family.value;
};
const secretOf = (text: string): Uint8Array => {
  const secret = createHash('sha256').update(text).digest();
  secret[0] = 1;
  return secret;
};
const proofOf = ({ grade: _, ...row }: GeneratedRow, cells: Partial<OwnershipProof> = {}): OwnershipProof => ({
  label: 'X',
  network: null,
  signature2: null,
  scriptOrPubkey: null,
  owner1: null,
  owner2: null,
  rowType: null,
  ...row,
  ...cells,
});

describe('every family', () => {
  it('is named by a network, and every network by a family that has a folder', () => {
    const named = new Set(networks.map(({ family }) => family));
    expect(folders.filter((name) => !named.has(name))).toEqual([]);
    const missing = [...named].filter((name) => !folders.includes(name));
    if (missing.length > 0) console.log(`families without a folder yet: ${missing.join(', ')}`);
    expect(chainFamilyNames()).toEqual(['bitcoin', 'evm', 'solana']);
  });

  it.each(folders)('%s: address parsers and verifiers never throw and never prove what is random', async (name) => {
    const family = await familyOf(name);
    const network = networks.find((one) => one.family === name) as Network;
    expect(family.name).toBe(name);
    const cell = fc.oneof(
      fc.string({ maxLength: 80 }),
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.string({ unit: fc.constantFrom(...'0123456789abcdefx'), maxLength: 140 }),
      fc.string({
        unit: fc.constantFrom(...'123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'),
        maxLength: 60,
      }),
    );
    const rare = fc.option(cell, { nil: null });
    fc.assert(
      fc.property(
        cell,
        cell,
        cell,
        rare,
        rare,
        rare,
        rare,
        (addressText, message, signature1, script, owner1, owner2, more) => {
          const address = family.parseAddress(addressText, network);
          if (address.ok) expect(family.parseAddress(address.value, network)).toEqual(address);
          const row = { addressText, message, signature1, grade: 'invalid' } as const;
          const cells = { scriptOrPubkey: script, owner1, owner2, signature2: more };
          const verdict = family.ownership.verify(proofOf(row, cells), network);
          expect(['invalid', 'undecided', 'listed']).toContain(verdict.grade);
          if (!address.ok) expect(['invalid', 'listed', 'undecided']).toContain(verdict.grade);
        },
      ),
      { numRuns: 100 },
    );
  });
});

const rows = networks.flatMap((network) => {
  const generator = generatorOf.get(network.family);
  // One network of EVM's many is enough of each kind of params.
  const plain = network.family === 'evm' && Object.keys(network.params).length === 0 && network.slug !== 'ethereum';
  return generator === undefined || plain || !folders.includes(network.family)
    ? []
    : [[network.slug, network, generator] as const];
});

describe('generated rows', () => {
  it.each(rows)('%s: earn their grade, and lose it with any change', async (_slug, network, generator) => {
    const family = await familyOf(network.family);
    const verify = (cells: Partial<OwnershipProof> = {}) => family.ownership.verify(proofOf(row, cells), network);
    const row = await generator.generate(network, secretOf(network.slug));
    const other = await generator.generate(network, secretOf('another'));
    const address = family.parseAddress(row.addressText, network);
    expect(address).toMatchObject({ ok: true });
    if (address.ok) expect(family.parseAddress(address.value, network)).toEqual(address);
    expect(verify()).toMatchObject({ grade: row.grade });
    expect(verify({ message: `${row.message}.` }).grade).toBe('invalid');
    expect(PROVING).not.toContain(verify({ signature1: other.signature1 }).grade);
    // Where a chain lets an account have other keys, a key column that signed for another's address is key-only.
    if (row.grade === 'address-bound') expect(BINDING).not.toContain(verify({ addressText: other.addressText }).grade);
    expect(PROVING).not.toContain(verify({ message: null }).grade);
    expect(PROVING).not.toContain(verify({ message: '\ud800' }).grade);
    expect(verify({ signature1: null as never })).toMatchObject({ grade: 'listed' });
    expect(PROVING).not.toContain(verify({ signature1: `${row.signature1}00` }).grade);
    expect(PROVING).not.toContain(verify({ signature1: row.signature1.slice(0, -4) }).grade);
    expect(PROVING).not.toContain(verify({ addressText: 'nonsense !' }).grade);
    if (NO_CHECKSUM.has(network.family) || row.grade !== 'address-bound') return;
    const at = row.addressText.length - 3;
    const changed =
      row.addressText.slice(0, at) + (row.addressText[at] === '2' ? '3' : '2') + row.addressText.slice(at + 1);
    expect(PROVING).not.toContain(verify({ addressText: changed }).grade);
  });
});

describe('docs/ownership/secp256k1.yaml', () => {
  const { families } = parse(readFileSync('docs/ownership/secp256k1.yaml', 'utf8')) as {
    readonly families: Readonly<Record<string, { readonly best: string; readonly stranger: string }>>;
  };

  it('names every family that the generators of these schemes know', () => {
    const known = generators.flatMap((one) =>
      one.families.filter((name) => !ELSEWHERE.has(name) && !/OpenSSL/.test(one.signedBy)),
    );
    expect(Object.keys(families).toSorted()).toEqual(known.toSorted());
  });

  it.each(Object.entries(families))('%s: says what its rows come to', async (name, { best, stranger }) => {
    const family = await familyOf(name);
    const network = networks.find((one) => one.family === name) as Network;
    const generator = generatorOf.get(name) as RowGenerator;
    const [row, other] = [
      await generator.generate(network, secretOf('a')),
      await generator.generate(network, secretOf('b')),
    ];
    expect(row.grade).toBe(best);
    // The key that signed stands in its column, the address is another's.
    const own =
      name === 'beacon' ? row.addressText : Buffer.from(secp256k1.getPublicKey(secretOf('a'))).toString('hex');
    const cells = { addressText: other.addressText, scriptOrPubkey: row.scriptOrPubkey ?? own };
    expect(family.ownership.verify(proofOf(row, cells), network).grade).toBe(stranger);
  });
});
