import { secp256k1 } from '@noble/curves/secp256k1.js';
import { ripemd160 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bech32 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import type { Network } from '../../src/domain/network.ts';
import type { OwnershipProof } from '../../src/domain/ownership.ts';
import { family } from './index.ts';

const hub = { slug: 'hub', name: 'Hub', family: 'cosmos', params: { hrp: 'cosmos' } } as unknown as Network;
const injective = { ...hub, slug: 'inj', params: { hrp: 'inj', account: 'ethereum' } } as unknown as Network;
const SECRET = new Uint8Array(32).fill(0x11);
const OTHER = new Uint8Array(32).fill(0x22);
const MESSAGE = 'I control this address, 2026-11-22';

const addressOf = (secret: Uint8Array, prefix = 'cosmos') => {
  const bytes =
    prefix === 'inj'
      ? keccak_256(secp256k1.getPublicKey(secret, false).subarray(1)).subarray(12)
      : ripemd160(sha256(secp256k1.getPublicKey(secret)));
  return bech32.encode(prefix, bech32.toWords(bytes));
};
/** The sign document of ADR-36, typed as its example prints it. */
const document = (signer: string, message = MESSAGE) =>
  Buffer.from(
    `{"account_number":"0","chain_id":"","fee":{"amount":[],"gas":"0"},"memo":"","msgs":[{"type":"sign/MsgSignData",` +
      `"value":{"data":"${Buffer.from(message).toString('base64')}","signer":"${signer}"}}],"sequence":"0"}`,
  );
const compact = (digest: Uint8Array, secret = SECRET) =>
  Buffer.from(secp256k1.sign(digest, secret, { prehash: false })).toString('base64');
const keyOf = (secret: Uint8Array) => Buffer.from(secp256k1.getPublicKey(secret)).toString('base64');
const verify = (cells: Partial<OwnershipProof>, network = hub) =>
  family.ownership.verify(
    {
      label: 'ATOM',
      network: 'ATOM',
      addressText: addressOf(SECRET),
      message: MESSAGE,
      signature1: compact(sha256(document(addressOf(SECRET)))),
      signature2: null,
      scriptOrPubkey: keyOf(SECRET),
      owner1: null,
      owner2: null,
      rowType: null,
      ...cells,
    },
    network,
  );

describe('ADR-36', () => {
  it('binds the address, with the key column or without it, in base64 or hex', () => {
    const bound = { grade: 'address-bound', scheme: 'cosmos-adr36', reason: null, flags: [] };
    expect(verify({})).toEqual(bound);
    expect(verify({ scriptOrPubkey: null })).toEqual(bound);
    expect(verify({ addressText: addressOf(SECRET).toUpperCase() })).toEqual(bound);
    const hex = Buffer.from(compact(sha256(document(addressOf(SECRET)))), 'base64').toString('hex');
    expect(verify({ signature1: hex })).toEqual(bound);
  });

  it('hashes with Keccak-256 for keys of Ethermint', () => {
    const addressText = addressOf(SECRET, 'inj');
    const row = { addressText, scriptOrPubkey: null };
    expect(verify({ ...row, signature1: compact(keccak_256(document(addressText))) }, injective).grade).toBe(
      'address-bound',
    );
    expect(verify({ ...row, signature1: compact(sha256(document(addressText))) }, injective).grade).toBe('invalid');
  });

  it('is refused for another message, signer, key or address', () => {
    expect(verify({ message: `${MESSAGE}!` }).grade).toBe('invalid');
    expect(verify({ message: `${MESSAGE} ` }).reason).toContain('without blanks');
    expect(verify({ scriptOrPubkey: keyOf(OTHER) })).toMatchObject({
      grade: 'invalid',
      reason: expect.stringContaining('another key'),
    });
    expect(verify({ addressText: addressOf(OTHER) }).grade).toBe('invalid');
    const foreign = compact(sha256(document(addressOf(OTHER))));
    expect(verify({ signature1: foreign }).grade).toBe('invalid');
    // The key column signed for an address that is not its own: says whose it is.
    const theirs = compact(sha256(document(addressOf(OTHER))));
    expect(verify({ addressText: addressOf(OTHER), signature1: theirs })).toMatchObject({
      grade: 'invalid',
      reason: expect.stringContaining(addressOf(SECRET)),
    });
  });

  it.each(['', 'AAAA', `${compact(sha256(document('x'))).slice(0, -2)}`, `${compact(sha256(document('x')))}=`])(
    'refuses the signature "%s"',
    (signature1) => expect(['invalid', 'listed']).toContain(verify({ signature1 }).grade),
  );
});

describe('params', () => {
  it.each([
    [{}, /hrp/],
    [{ hrp: 'Cosmos' }, /hrp/],
    [{ hrp: 'x', account: 'other' }, /account/],
    [{ hrp: 'x', more: 1 }, /"more"/],
  ])('%j are refused', (params, error) => {
    const network = { ...hub, params } as unknown as Network;
    expect(family.parseAddress('x', network)).toMatchObject({ ok: false, error: expect.stringMatching(error) });
    expect(verify({}, network).grade).toBe('undecided');
  });
});

it('knows addresses of 32 bytes, which no key fits', () => {
  const addressText = bech32.encode('cosmos', bech32.toWords(new Uint8Array(32).fill(5)), 120);
  expect(family.parseAddress(addressText, hub)).toMatchObject({ ok: true });
  expect(verify({ addressText, scriptOrPubkey: null }).grade).toBe('undecided');
  const signature1 = compact(sha256(document(addressText)));
  expect(verify({ addressText, signature1 })).toMatchObject({ grade: 'key-only' });
});
