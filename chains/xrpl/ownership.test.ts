import { createHash, createPrivateKey, createPublicKey, sign as signEd25519 } from 'node:crypto';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { ripemd160 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { base58xrp } from '@scure/base';
import { describe, expect, it } from 'vitest';
import type { Network } from '../../src/domain/network.ts';
import type { OwnershipProof } from '../../src/domain/ownership.ts';
import { xrplAddressOf } from './address.ts';
import { family } from './index.ts';

const network = { slug: 'xrpl', name: 'XRP Ledger', family: 'xrpl', params: {} } as unknown as Network;
const SECRET = new Uint8Array(32).fill(0x11);
const MESSAGE = 'I am an example address, 2026-11-22';
const addressOf = (key: Uint8Array) => {
  const payload = Uint8Array.from([0, ...ripemd160(sha256(key))]);
  return base58xrp.encode(Uint8Array.from([...payload, ...sha256(sha256(payload)).subarray(0, 4)]));
};
const key = secp256k1.getPublicKey(SECRET);
const half = createHash('sha512').update(MESSAGE).digest().subarray(0, 32);
const der = Buffer.from(secp256k1.sign(half, SECRET, { prehash: false, format: 'der' }))
  .toString('hex')
  .toUpperCase();
const verify = (cells: Partial<OwnershipProof>) =>
  family.ownership.verify(
    {
      label: 'XRP',
      network: 'XRP',
      addressText: addressOf(key),
      message: MESSAGE,
      signature1: der,
      signature2: null,
      scriptOrPubkey: Buffer.from(key).toString('hex'),
      owner1: null,
      owner2: null,
      rowType: null,
      ...cells,
    },
    network,
  );

it('derives the address that xrpl.org derives of its example key', () => {
  // xrpl.org, "Address Encoding": key and address of the example.
  const example = Buffer.from('ED9434799226374926EDA3B54B1B461B4ABF7237962EAE18528FEA67595397FA32', 'hex');
  expect(xrplAddressOf(example)).toBe('rDTXLQ7ZKZVKz33zJbHjgVShjsBnqMBhmN');
});

describe('what wallets sign', () => {
  it('binds the address with ECDSA in DER over half a SHA-512', () => {
    const bound = { grade: 'address-bound', scheme: 'xrpl-secp256k1', flags: [] };
    expect(verify({})).toMatchObject(bound);
    expect(verify({ scriptOrPubkey: null, signature1: der.toLowerCase() })).toMatchObject(bound);
    expect(verify({ message: `${MESSAGE}!` }).grade).toBe('invalid');
    expect(verify({ signature1: `${der}00` }).grade).toBe('invalid');
  });

  it('binds the address with Ed25519', () => {
    const der8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), SECRET]);
    const secret = createPrivateKey({ key: der8, format: 'der', type: 'pkcs8' });
    const raw = createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(12);
    const own = Buffer.concat([Buffer.from([0xed]), raw]);
    const cells = {
      addressText: addressOf(own),
      scriptOrPubkey: own.toString('hex').toUpperCase(),
      signature1: signEd25519(null, Buffer.from(MESSAGE), secret).toString('hex'),
    };
    expect(verify(cells)).toMatchObject({ grade: 'address-bound', scheme: 'xrpl-ed25519' });
    expect(verify({ ...cells, addressText: addressOf(key) }).grade).toBe('key-only');
    expect(verify({ ...cells, message: 'other' }).grade).toBe('invalid');
    const small = `ED01${'00'.repeat(31)}`;
    expect(verify({ ...cells, addressText: addressOf(Buffer.from(small, 'hex')), scriptOrPubkey: small }).grade).toBe(
      'invalid',
    );
  });

  it('is key-only for an account that may have a regular key, and invalid without the key column', () => {
    expect(verify({ addressText: 'rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh' })).toMatchObject({
      grade: 'key-only',
      reason: expect.stringContaining('regular key'),
    });
    expect(verify({ addressText: 'rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh', scriptOrPubkey: null }).grade).toBe('invalid');
  });
});
