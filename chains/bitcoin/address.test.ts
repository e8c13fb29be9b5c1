import { readFileSync } from 'node:fs';
import { hex } from '@scure/base';
import { address as bitcoinjs, networks } from 'bitcoinjs-lib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { UTXO_PARAMS, utxoNetwork } from '../../test/fakes/utxo-networks.ts';
import { type Destination, decodeAddress, encodeAddress, scriptPubKey } from './address.ts';
import { decodeCashaddr, encodeCashaddr } from './cashaddr.ts';
import { family } from './index.ts';
import { bitcoinParams, paramsSchema } from './params.ts';

const paramsOf = (slug: string) => {
  const params = bitcoinParams(utxoNetwork(slug));
  if (!params.ok) throw new Error(params.error);
  return params.value;
};
const scriptOf = (text: string, slug: string): string => {
  const decoded = decodeAddress(text, paramsOf(slug));
  return decoded.ok ? hex.encode(scriptPubKey(decoded.value)) : decoded.error;
};
const hash20 = fc.uint8Array({ minLength: 20, maxLength: 20 });
const hash32 = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('known addresses', () => {
  it.each([
    [
      'bitcoin',
      'BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4',
      '0014751e76e8199196d454941c45d1b3a323f1433bd6',
      'BIP-173',
    ],
    [
      ...['bitcoin', 'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0'],
      ...['512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798', 'BIP-350'],
    ],
    ['bitcoin', 'bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs', '5210751e76e8199196d454941c45d1b3a323', 'BIP-350'],
    [
      'bitcoin-cash',
      '1BpEi6DfDAUFd7GtittLSdBeYJvcoaVggu',
      '76a91476a04053bda0a88bda5177b86a15c3b29f55987388ac',
      'cashaddr',
    ],
    [
      ...['bitcoin-cash', 'bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a'],
      ...['76a91476a04053bda0a88bda5177b86a15c3b29f55987388ac', 'cashaddr'],
    ],
    [
      ...['bitcoin-cash', 'ppm2qsznhks23z7629mms6s4cwef74vcwvn0h829pq'],
      ...['a91476a04053bda0a88bda5177b86a15c3b29f55987387', 'cashaddr without prefix'],
    ],
  ] as const)('%s %s', (slug, text, script, _source) => {
    expect(scriptOf(text, slug)).toBe(script);
  });

  it('spells one destination in one way', () => {
    const canonical = (text: string, slug: string) => family.parseAddress(text, utxoNetwork(slug));
    const cash = { ok: true, value: 'bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a' };
    expect(canonical('1BpEi6DfDAUFd7GtittLSdBeYJvcoaVggu', 'bitcoin-cash')).toEqual(cash);
    expect(canonical('QPM2QSZNHKS23Z7629MMS6S4CWEF74VCWVY22GDX6A', 'bitcoin-cash')).toEqual(cash);
    const legacy = encodeAddress({ kind: 'p2sh', hash: new Uint8Array(20).fill(7) }, paramsOf('bitcoin'));
    const modern = encodeAddress({ kind: 'p2sh', hash: new Uint8Array(20).fill(7) }, paramsOf('litecoin'));
    expect([legacy[0], modern[0]]).toEqual(['3', 'M']);
    expect(canonical(legacy, 'litecoin')).toEqual({ ok: true, value: modern });
  });

  it.each([
    ['bitcoin', '1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3', 'checksum'],
    ['bitcoin', 'TEjxQjU3CxkFrSDcPfHwZXSuPpCpdQ27NJ', 'version'],
    ['bitcoin', '0x0cdcdb19a857c2ac24818ca4fdfe38cce071483e', 'does not decode'],
    ['bitcoin', 'not-a-bitcoin-address', 'does not decode'],
    ['bitcoin', '0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798', 'does not decode'],
    ['bitcoin', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5', 'does not decode'],
    ['bitcoin', 'bc1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4', 'does not decode'],
    ['bitcoin', 'bc1zw508d6qejxtdg4y5r3zarvaryvg6kdaj', 'BIP-350'],
    ['bitcoin', 'bc1zw508d6qejxtdg4y5r3zarvaryvqyzf3du', 'BIP-141'],
    ['bitcoin', 'ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9', 'does not decode'],
    ['bitcoin', 'bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a', 'does not use'],
    ['bitcoin-cash', 'ecash:qq8d5lh8c78sraajk2ndeqvgqjhdu58zny7etakvlm', 'another prefix'],
    ['bitcoin-cash', 'qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6b', 'checksum'],
    ['bitcoin-gold', 'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0', 'does not decode'],
    ['bitcoin', ' 1BpEi6DfDAUFd7GtittLSdBeYJvcoaVggu', 'blanks'],
    ['bitcoin', '', 'not an address'],
  ])('refuses %s %s', (slug, text, why) => {
    expect(family.parseAddress(text, utxoNetwork(slug))).toMatchObject({
      ok: false,
      error: expect.stringContaining(why),
    });
  });
});

it('reads a base58 address that happens to begin like a segwit one', () => {
  const hash = Uint8Array.of(168, 228, 51, ...new Uint8Array(17));
  const text: string = encodeAddress({ kind: 'p2pkh', hash }, paramsOf('qtum'));
  expect(text.toLowerCase().startsWith('qc1')).toBe(true);
  expect(decodeAddress(text, paramsOf('qtum'))).toEqual({ ok: true, value: { kind: 'p2pkh', hash } });
});

describe.each(Object.keys(UTXO_PARAMS))('%s', (slug) => {
  const params = paramsOf(slug);
  const kinds: Destination['kind'][] = ['p2pkh', 'p2sh'];
  if (params.bech32 !== null) kinds.push('p2wpkh', 'p2wsh');
  if (params.taproot) kinds.push('p2tr');

  it('decodes what it encodes, and no text with one letter changed', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), hash20, hash32, fc.nat(200), (kind, short, long, at) => {
        const hash = kind === 'p2wsh' || kind === 'p2tr' ? long : short;
        const text: string = encodeAddress({ kind, hash } as Destination, params);
        expect(decodeAddress(text, params)).toEqual({ ok: true, value: { kind, hash } });
        const index = at % text.length;
        const wrong = `${text.slice(0, index)}${text[index] === 'z' ? 'y' : 'z'}${text.slice(index + 1)}`;
        expect(decodeAddress(wrong, params).ok).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});

describe('against bitcoinjs-lib', () => {
  it('has the same scripts on bitcoin', () => {
    fc.assert(
      fc.property(fc.constantFrom('p2pkh', 'p2sh', 'p2wpkh', 'p2wsh'), hash20, hash32, (kind, short, long) => {
        const hash = kind === 'p2wsh' ? long : short;
        const text = encodeAddress({ kind, hash } as Destination, paramsOf('bitcoin'));
        expect(hex.encode(bitcoinjs.toOutputScript(text, networks.bitcoin))).toBe(scriptOf(text, 'bitcoin'));
      }),
    );
  });
});

describe('cashaddr', () => {
  it('round-trips every hash length and type, under its own prefix only', () => {
    const bytes = fc
      .constantFrom(20, 24, 28, 32, 40, 48, 56, 64)
      .chain((n) => fc.uint8Array({ minLength: n, maxLength: n }));
    fc.assert(
      fc.property(fc.nat(15), bytes, (type, hash) => {
        const text = encodeCashaddr('bitcoincash', { type, hash });
        expect(decodeCashaddr(text, 'bitcoincash')).toEqual({ ok: true, value: { type, hash } });
        expect(decodeCashaddr(text, 'ecash').ok).toBe(false);
        expect(decodeCashaddr(text.slice(12), 'ecash').ok).toBe(false);
      }),
    );
  });
  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void decodeAddress(text, paramsOf('ecash'))));
  });
});

describe('params', () => {
  const shipped = parse(readFileSync('config/networks.yaml', 'utf8')) as Record<
    string,
    { family: string; params: object }
  >;
  const mine = Object.entries(shipped).filter(([, { family: name }]) => name === 'bitcoin');
  it.each(mine)('of the shipped %s are right', (slug, { params }) => {
    const { checkpoints: _ours, ...expected } = paramsSchema.parse(UTXO_PARAMS[slug]);
    const { checkpoints: _theirs, ...found } = paramsSchema.parse(params);
    expect(found).toEqual(expected);
  });
  it('names every field at fault', () => {
    const result = bitcoinParams(utxoNetwork('bitcoin', 6, { p2pkh: 'zz', messageHeader: 'x', extra: 1 }));
    expect(result).toMatchObject({
      ok: false,
      error: expect.stringMatching(/params\.p2pkh.*params\.messageHeader.*extra/s),
    });
  });
});
