import { blake2b } from '@noble/hashes/blake2.js';
import { describe, expect, it } from 'vitest';
import { fromHex, leadsTo, spelled } from '../../test/fixtures/keyed-address.ts';
import { decodeCasperAddress } from './address.ts';

// Keys with and without CEP-57's checksum, from the tests of Ledger's Casper integration.
const ED25519 = '016470AE57b0a3aD5A679d2e0422909Bfb9dEd445e20cbE6B4c9806f844c94d401';
const SECP256K1 = '0203A17118eC0e64c4e4FdbDbEe0eA14D118C9aAf08C6c81bbB776Cae607cEB84EcB';
const KEY = fromHex(ED25519.slice(2));

describe('a Casper address', () => {
  it('is its key, and one account in any case', () => {
    for (const text of [ED25519, ED25519.toLowerCase(), `01${ED25519.slice(2).toUpperCase()}`]) {
      expect(leadsTo(KEY, decodeCasperAddress(text))).toBe(true);
      // A key and its account hash are one account.
      const hash = blake2b(Buffer.concat([Buffer.from('ed25519\0'), KEY]), { dkLen: 32 });
      expect(spelled(decodeCasperAddress(text))).toBe(`account-hash-${Buffer.from(hash).toString('hex')}`);
    }
    expect(leadsTo(KEY, decodeCasperAddress(SECP256K1))).toMatch(/secp256k1/);
  });
  it('may be an account hash, with or without its name', () => {
    const hash = 'ab'.repeat(32);
    expect(spelled(decodeCasperAddress(hash))).toBe(`account-hash-${hash}`);
    expect(spelled(decodeCasperAddress(`account-hash-${hash}`))).toBe(`account-hash-${hash}`);
    expect(leadsTo(KEY, decodeCasperAddress(hash))).toBe(false);
  });
  it.each([
    '016470ae57b0a3ad5a679d2e0422909bfb9ded445e20cbe6b4c9806f844c94D400',
    `03${ED25519.slice(2).toLowerCase()}`,
    ED25519.slice(0, -1),
    `${ED25519}0`,
    `02${ED25519.slice(2).toLowerCase()}`,
    `account-hash-01${'ab'.repeat(32)}`,
    `0x${'ab'.repeat(32)}`,
    '',
  ])('is not %j', (text) => expect(decodeCasperAddress(text).ok).toBe(false));
});
