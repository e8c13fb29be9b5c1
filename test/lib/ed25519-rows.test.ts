import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { base58 } from '@scure/base';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Network } from '../../src/domain/network.ts';
import type { OwnershipProof } from '../../src/domain/ownership.ts';
import { loadChainFamily } from '../../src/load-chain.ts';
import { loadRegistry } from '../../src/load-registry.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { generator, publicKeyOf, signBytes } from '../fixtures/generate-rows/ed25519.ts';
import { envelope, MESSAGE } from '../fixtures/generate-rows/row.ts';

const registry = loadRegistry();
if (!registry.ok) throw new Error('the shipped registry does not load');
/** A network of every family, all of the families that have several. */
const networks = [...registry.value.networks.values()].filter(({ family }) => generator.families.includes(family));

/** Whose address does not follow from a key, and whose may be another's: a stranger's key is `key-only` there, never more. */
const NAMED = new Set(['hedera', 'iost']);
const OPEN = new Set([...NAMED, 'internet-computer', 'casper', 'sia', 'canton']);
/** Whose address spells its key out, so that a row needs no key column. */
const SPELLED = new Set(['solana', 'substrate', 'stellar', 'near', 'algorand', 'multiversx', 'kadena']);
/** Whose text has a checksum, so that no changed letter is an address. */
const CHECKED = [
  'tvm',
  'substrate',
  'stellar',
  'cardano',
  'algorand',
  'tezos',
  'multiversx',
  'internet-computer',
  'iota',
  'lisk-sdk',
  'sia',
];

const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');
const seed = (n: number): Uint8Array => createHash('sha256').update(`throwaway ${n}`).digest();
const sign = (n: number, data: Uint8Array): string => hex(signBytes(seed(n), data));
const signedBy = (n: number, message = MESSAGE): string => sign(n, envelope(message));
const keyHex = (n: number): string => hex(publicKeyOf(seed(n)));

describe.each(networks.map((network) => [network.slug, network] as const))('%s', (_slug, network: Network) => {
  let family: ChainFamily;
  const addressOf = (n: number): string =>
    (generator.generate(network, seed(n)) as { addressText: string }).addressText;
  const [mine, hers] = [addressOf(1), addressOf(2)];
  const bound = NAMED.has(network.family) ? 'key-only' : 'address-bound';
  const stranger = OPEN.has(network.family) ? 'key-only' : 'invalid';
  const row = (cells: Partial<OwnershipProof> = {}) =>
    family.ownership.verify(
      {
        ...{
          label: 'X',
          network: null,
          addressText: mine,
          message: MESSAGE,
          signature1: signedBy(1),
          signature2: null,
        },
        ...{ scriptOrPubkey: keyHex(1), owner1: null, owner2: null, rowType: null, ...cells },
      },
      network,
    );

  beforeAll(async () => {
    const loaded = await loadChainFamily(network.family);
    if (!loaded.ok) throw new Error(loaded.error);
    family = loaded.value;
  });

  it('grades an honest row by what ties its key to its address', () => {
    expect(row()).toMatchObject({ grade: bound, scheme: 'ed25519-okx' });
    const signature = Buffer.from(signedBy(1), 'hex');
    for (const signature1 of [`0x${hex(signature)}`, signature.toString('base64'), base58.encode(signature)]) {
      expect(row({ signature1 }).grade).toBe(bound);
    }
    expect(row({ scriptOrPubkey: `0x${keyHex(1).toUpperCase()}` }).grade).toBe(bound);
    expect(row({ scriptOrPubkey: null }).grade).toBe(SPELLED.has(network.family) ? bound : 'invalid');
  });

  it('gives nobody else’s key an address', () => {
    expect(row({ signature1: signedBy(2), scriptOrPubkey: keyHex(2) }).grade).toBe(stranger);
    if (!NAMED.has(network.family)) expect(row({ addressText: hers }).grade).toBe(stranger);
    expect(row({ scriptOrPubkey: keyHex(2) }).grade).toBe('invalid');
    expect(row({ signature1: signedBy(2) }).grade).toBe('invalid');
    if (stranger === 'key-only') expect(row({ addressText: hers }).reason).toMatch(/the key is the one in the row/);
    else expect(row({ addressText: hers }).reason).toMatch(/; the signature fits that key/);
  });

  it('holds for no flipped bit and no other message', () => {
    fc.assert(
      fc.property(fc.nat(511), (bit) => {
        const flipped = Buffer.from(signedBy(1), 'hex');
        flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(row({ signature1: hex(flipped) }).grade).toBe('invalid');
      }),
      { numRuns: 20 },
    );
    expect(row({ message: `${MESSAGE}!` }).grade).toBe('invalid');
    expect(row({ message: `${MESSAGE} ` }).reason).toMatch(/without blanks around it/);
    expect(row({ signature1: sign(1, createHash('sha256').update(envelope(MESSAGE)).digest()) })).toMatchObject({
      ...{ grade: 'invalid', reason: expect.stringMatching(/SHA-256 of the OKX envelope/) },
    });
    expect(row({ message: null }).grade).toBe('invalid');
    expect(row({ message: '\ud800' }).grade).toBe('invalid');
  });

  it('refuses cells that are not in their form, and says which form would do', () => {
    expect(row({ signature1: `${signedBy(1)}\n` }).reason).toMatch(/without its blanks it would fit/);
    for (const signature1 of [signedBy(1).slice(1), `${signedBy(1)}00`, `0X${signedBy(1)}`, 'null', '']) {
      expect(row({ signature1 }).grade, signature1).toBe('invalid');
    }
    for (const scriptOrPubkey of [
      keyHex(1).slice(2),
      `${keyHex(1)}00`,
      '0x',
      Buffer.from(keyHex(1), 'hex').toString('base64'),
    ]) {
      expect(row({ scriptOrPubkey }).grade, scriptOrPubkey).toBe('invalid');
    }
    for (const addressText of ['', ` ${mine}`, `${mine}\n`, `${mine}\u200b`, 'con structor', '0x!', mine.repeat(50)]) {
      expect(row({ addressText }).grade, addressText).toBe('invalid');
      expect(row({ addressText, signature1: null }).grade).toBe('invalid');
    }
    const identity = `01${'00'.repeat(31)}`;
    const forged = `5866666666666666666666666666666666666666666666666666666666666666${identity}`;
    expect(row({ scriptOrPubkey: identity, signature1: forged }).grade).toBe('invalid');
  });

  it('takes an owner’s signature for the owner only', () => {
    const owned = { addressText: mine, owner1: hers, signature1: signedBy(2), scriptOrPubkey: keyHex(2) };
    if (NAMED.has(network.family)) expect(row(owned).grade).toBe('key-only');
    else {
      expect(row(owned)).toMatchObject({ grade: 'owner-bound', reason: expect.stringContaining('not read on chain') });
      expect(row({ ...owned, signature1: signedBy(1), scriptOrPubkey: keyHex(1) }).grade).toBe(stranger);
    }
    expect(row({ owner1: mine }).grade).toBe(bound);
    expect(row({ owner1: 'nobody!' }).grade).toBe('invalid');
    expect(row({ signature2: signedBy(1) }).flags).toContain('duplicate-signer');
    expect(row({ signature2: signedBy(2) }).grade).toBe('invalid');
    expect(row({ signature2: 'null' }).grade).toBe('invalid');
    expect(row({ signature1: null, signature2: signedBy(1) }).grade).toBe('undecided');
    expect(row({ signature1: null })).toMatchObject({ grade: 'listed' });
  });

  it('spells an address in one way, and refuses a letter that changed where there is a checksum', () => {
    const canonical = family.parseAddress(mine, network);
    if (!canonical.ok) throw new Error(canonical.error);
    expect(family.parseAddress(canonical.value, network)).toEqual(canonical);
    if (!CHECKED.includes(network.family) || network.slug === 'venom') return;
    fc.assert(
      fc.property(
        fc.nat(mine.length - 1),
        fc.constantFrom(...'023456789acdefghjklmnpqrstuvwxyzACDEFGHJKLMNPQRSTUVWXYZ'),
        (at, letter) => {
          fc.pre(mine[at]?.toLowerCase() !== letter.toLowerCase());
          const changed = `${mine.slice(0, at)}${letter}${mine.slice(at + 1)}`;
          const parsed = family.parseAddress(changed, network);
          expect(parsed.ok && parsed.value !== canonical.value, changed).toBe(false);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('reads no balances and says so', () => {
    if (network.family !== 'solana') expect(family.connect({ network } as never)).toMatchObject({ ok: false });
    expect(family.namespace).toBe(network.slug === 'fogo' ? 'solana' : network.chainId.split(':')[0]);
  });
});

describe('docs/ownership/ed25519.yaml', () => {
  const { families } = parse(readFileSync('docs/ownership/ed25519.yaml', 'utf8')) as {
    readonly families: Readonly<Record<string, { readonly best: string; readonly stranger: string }>>;
  };
  it('says of every family what its rows come to', () => {
    const rows = generator.families.map((name) => [
      name,
      { best: NAMED.has(name) ? 'key-only' : 'address-bound', stranger: OPEN.has(name) ? 'key-only' : 'invalid' },
    ]);
    const written = Object.entries(families).map(([name, { best, stranger }]) => [name, { best, stranger }]);
    expect(Object.fromEntries(written)).toEqual(Object.fromEntries(rows));
  });
});

describe('params', () => {
  it('that a family does not know leave a row undecided', async () => {
    for (const [slug, params] of [
      ['sui', { typo: 1 }],
      ['polkadot', { ss58Prefix: 16_384 }],
      ['polkadot', {}],
      ['ton', { spelling: 'friendly' }],
    ] as const) {
      const network = { ...(networks.find((one) => one.slug === slug) as Network), params };
      const family = await loadChainFamily(network.family);
      const { grade: _, ...cells } = (await generator.generate(network, seed(1))) as {
        grade: string;
        addressText: string;
        message: string;
        signature1: string;
      };
      const proof = {
        label: 'X',
        network: null,
        signature2: null,
        scriptOrPubkey: null,
        owner1: null,
        owner2: null,
        rowType: null,
        ...cells,
      };
      expect(family.ok && family.value.ownership.verify(proof, network).grade).toBe('undecided');
      expect(family.ok && family.value.parseAddress(cells.addressText, network).ok).toBe(false);
    }
  });
});
