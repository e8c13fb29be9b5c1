import { hashMessage, keccak256, SigningKey, toUtf8Bytes, Wallet } from 'ethers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Network } from '../../src/domain/network.ts';
import type { OwnershipProof } from '../../src/domain/ownership.ts';
import { family } from './index.ts';

const network = { slug: 'tron', name: 'TRON', family: 'tron', params: {} } as unknown as Network;
const wallet = new Wallet(`0x${'11'.repeat(32)}`);
const other = new Wallet(`0x${'22'.repeat(32)}`);
const read = (text: string) => {
  const result = family.parseAddress(text, network);
  return result.ok ? result.value : `error: ${result.error}`;
};
const addressOf = (who: Wallet) => read(`41${who.address.slice(2)}`);
const MESSAGE = 'I am an example address, 2026-11-22';
const HEADER = '\x19TRON Signed Message:\n';
const join = (...parts: readonly (string | Uint8Array)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'utf8') : part)));
const digests = {
  'tron-v2': (text: string) => keccak256(join(`${HEADER}${Buffer.byteLength(text)}`, text)),
  'tron-v1': (text: string) =>
    keccak256(join(`${HEADER}32`, Buffer.from(keccak256(toUtf8Bytes(text)).slice(2), 'hex'))),
  'tron-v1-text': (text: string) => keccak256(join(`${HEADER}32`, text)),
};
const sign = (digest: string, who = wallet) => who.signingKey.sign(digest).serialized;
const verify = (cells: Partial<OwnershipProof>) =>
  family.ownership.verify(
    {
      label: 'TRX',
      network: 'TRON',
      addressText: addressOf(wallet),
      message: MESSAGE,
      signature1: null,
      signature2: null,
      scriptOrPubkey: null,
      owner1: null,
      owner2: null,
      rowType: null,
      ...cells,
    },
    network,
  );

describe('TRON addresses', () => {
  it('are base58check of 21 bytes from 0x41, or those bytes in hex', () => {
    // USDT's contract, as tronscan prints both forms.
    expect(read('TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t')).toBe('TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t');
    expect(read('41a614f803b6fd780986a42c78ec9c7f77e6ded13c')).toBe('TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t');
    expect(read('0x41A614F803B6FD780986A42C78EC9C7F77E6DED13C')).toBe('TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t');
  });

  it.each([
    'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6T',
    'tr7nhqjekqxgtci8q8zy4pl8otszgjlj6t',
    'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t ',
    '0xa614f803b6fd780986a42c78ec9c7f77e6ded13c',
    '42a614f803b6fd780986a42c78ec9c7f77e6ded13c',
    '1BoatSLRHtKNngkdXEeobR76b53LETtpyT',
    '',
  ])('refuse %s', (text) => expect(read(text)).toMatch(/^error: TRON address/));

  it('change with every letter', () => {
    fc.assert(
      fc.property(
        fc.nat(33),
        fc.constantFrom(...'123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'),
        (at, digit) => {
          const address = addressOf(wallet);
          const changed = address.slice(0, at) + digit + address.slice(at + 1);
          if (changed !== address) expect(read(changed)).toMatch(/^error/);
        },
      ),
    );
  });
});

describe('TRON rows', () => {
  it.each(Object.entries(digests))(
    'bind the address under %s, with v 27, 28, 0 or 1 and with or without 0x',
    (scheme, digest) => {
      const signature1 = sign(digest(MESSAGE));
      const body = signature1.slice(2, 130);
      const v = signature1.endsWith('1b') ? 0 : 1;
      for (const text of [signature1, signature1.slice(2), `${body}0${v}`, `0x${body.toUpperCase()}0${v}`]) {
        expect(verify({ signature1: text })).toMatchObject({ grade: 'address-bound', scheme, reason: null });
      }
      expect(verify({ signature1, addressText: `41${wallet.address.slice(2)}` }).grade).toBe('address-bound');
      expect(verify({ signature1, addressText: addressOf(other) }).grade).toBe('invalid');
      expect(verify({ signature1, message: 'another' }).grade).toBe('invalid');
    },
  );

  it('count bytes, not characters', () => {
    const message = 'héllo ✓';
    expect(verify({ message, signature1: sign(digests['tron-v2'](message)) }).grade).toBe('address-bound');
  });

  it('flag what is not the standard form', () => {
    expect(verify({ signature1: sign(digests['tron-v2'](MESSAGE)) }).flags).toEqual([]);
    expect(verify({ signature1: sign(digests['tron-v1'](MESSAGE)) }).flags).toEqual(['message-variant:tip191-v1']);
    const text = sign(digests['tron-v2'](MESSAGE));
    const compressed = text.slice(0, -2) + (text.endsWith('1b') ? '1f' : '20');
    expect(verify({ signature1: compressed })).toMatchObject({ grade: 'address-bound', flags: ['non-canonical'] });
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const { r, s, yParity } = wallet.signingKey.sign(digests['tron-v2'](MESSAGE));
    const high = r + (order - BigInt(s)).toString(16).padStart(64, '0') + (yParity === 0 ? '1c' : '1b');
    expect(verify({ signature1: high })).toMatchObject({ grade: 'address-bound', flags: ['non-canonical'] });
  });

  it('say what would have fitted, without accepting it', () => {
    expect(verify({ signature1: sign(hashMessage(MESSAGE)) })).toMatchObject({
      grade: 'invalid',
      reason: expect.stringContaining('personal_sign text'),
    });
    const good = sign(digests['tron-v2'](MESSAGE));
    expect(verify({ signature1: good, message: ` ${MESSAGE}` }).reason).toContain('without blanks');
    const flipped = good.slice(0, -2) + (good.endsWith('1b') ? '1c' : '1b');
    expect(verify({ signature1: flipped })).toMatchObject({
      grade: 'invalid',
      reason: expect.stringContaining('recovery byte'),
    });
  });

  it.each([
    ['02', /recovery byte 2 /],
    ['1d', /recovery byte 29 /],
    ['22', /recovery byte 34 /],
    ['', /64 bytes/],
    ['1b00', /66 bytes/],
    ['1', /odd number/],
    ['zz', /not hex/],
    [' 1b', /blanks/],
  ])('refuse a signature that ends in "%s"', (end, reason) => {
    const signature1 = sign(digests['tron-v2'](MESSAGE)).slice(0, -2) + end;
    expect(verify({ signature1 })).toMatchObject({ grade: 'invalid', reason: expect.stringMatching(reason) });
  });

  it('read the key column and the owner columns', () => {
    const signature1 = sign(digests['tron-v2'](MESSAGE));
    const key = (who: Wallet, compressed = true) => SigningKey.computePublicKey(who.signingKey.publicKey, compressed);
    expect(verify({ signature1, scriptOrPubkey: key(wallet) }).grade).toBe('address-bound');
    expect(verify({ signature1, scriptOrPubkey: key(wallet, false).slice(4) }).grade).toBe('address-bound');
    expect(verify({ signature1, scriptOrPubkey: key(other) }).grade).toBe('invalid');
    expect(verify({ signature1, scriptOrPubkey: 'abc' })).toMatchObject({
      grade: 'invalid',
      reason: expect.stringContaining('public key column'),
    });
    // Accounts here can be given other keys on chain.
    const theirs = { addressText: addressOf(other), signature1 };
    expect(verify({ ...theirs, scriptOrPubkey: key(wallet) }).grade).toBe('key-only');
    expect(verify({ ...theirs, owner1: addressOf(wallet) }).grade).toBe('owner-bound');
    expect(verify({ signature1, owner1: addressOf(other) })).toMatchObject({ grade: 'address-bound' });
    expect(verify({ signature1, owner1: 'nobody' })).toMatchObject({ grade: 'invalid' });
    const second = { owner1: addressOf(wallet), owner2: addressOf(other) };
    const signature2 = sign(digests['tron-v2'](MESSAGE), other);
    expect(verify({ ...theirs, ...second, signature2 }).grade).toBe('owner-bound');
    expect(verify({ ...theirs, ...second, signature2: signature1 }).grade).toBe('invalid');
    expect(verify({ ...theirs, ...second }).grade).toBe('invalid');
    expect(verify({ ...theirs, ...second, owner2: addressOf(wallet), signature2: signature1 })).toMatchObject({
      grade: 'owner-bound',
      flags: ['duplicate-signer'],
    });
  });

  it('are listed without a signature, invalid with half a proof, and never read by an adapter', () => {
    expect(verify({}).grade).toBe('listed');
    expect(verify({ addressText: 'nonsense' }).grade).toBe('invalid');
    expect(verify({ signature2: '0x00' }).grade).toBe('invalid');
    expect(verify({ signature1: sign(digests['tron-v2'](MESSAGE)), message: null }).grade).toBe('invalid');
    expect(verify({ signature1: '0x00', message: '\ud800' }).reason).toContain('Unicode');
    expect(family.connect({ network } as never)).toMatchObject({ ok: false, error: expect.stringContaining('TRON') });
  });
});
