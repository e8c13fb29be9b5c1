import { existsSync, readFileSync } from 'node:fs';
import { getBytes, hashMessage, id, keccak256, verifyMessage, Wallet } from 'ethers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OwnershipProof } from '../../src/domain/ownership.ts';
import { testNetwork, testProof } from './fixtures.ts';
import { evmOwnership } from './ownership.ts';
import { parseEvmSignature } from './signature.ts';

const ethereum = testNetwork(1);
const wallet = new Wallet(`0x${'11'.repeat(32)}`);
const other = new Wallet(`0x${'22'.repeat(32)}`);
const MESSAGE = 'I am an example address, 2026-11-22';

const verify = (cells: Partial<OwnershipProof>, network = ethereum) => evmOwnership.verify(testProof(cells), network);
const signText = (by: Wallet, message: string) => by.signMessageSync(message);
const signDigest32 = (by: Wallet, message: string) => by.signMessageSync(getBytes(id(message)));
const signRaw = (by: Wallet, message: string) => by.signingKey.sign(id(message)).serialized;
const row = (signature1: string, more: Partial<OwnershipProof> = {}) =>
  verify({ addressText: wallet.address, message: MESSAGE, signature1, ...more });

describe('message variants', () => {
  it('says which variant matched, and flags all but the EIP-191 text', () => {
    expect(row(signText(wallet, MESSAGE))).toEqual({
      grade: 'address-bound',
      scheme: 'evm-text',
      reason: null,
      flags: [],
    });
    expect(row(signDigest32(wallet, MESSAGE))).toMatchObject({
      grade: 'address-bound',
      scheme: 'evm-digest32',
      flags: ['message-variant:digest32'],
    });
    expect(row(signRaw(wallet, MESSAGE))).toMatchObject({
      grade: 'address-bound',
      scheme: 'evm-raw-keccak',
      flags: ['message-variant:raw-keccak'],
    });
  });

  it('does not depend on what was seen before', () => {
    const signs = [signText, signDigest32, signRaw];
    fc.assert(
      fc.property(
        fc.array(fc.nat(2), { maxLength: 12 }),
        fc.string({ unit: 'grapheme', maxLength: 20 }),
        (order, message) => {
          fc.pre(!/\p{Surrogate}/u.test(message));
          for (const which of order) {
            const signature1 = (signs[which] as typeof signText)(wallet, message);
            const { grade, scheme } = verify({ addressText: wallet.address, message, signature1 });
            expect([grade, scheme]).toEqual(['address-bound', ['evm-text', 'evm-digest32', 'evm-raw-keccak'][which]]);
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it('counts bytes, not characters, as ethers does', () => {
    const message = 'héllo ✓ 𝄞';
    expect(verifyMessage(message, signText(wallet, message))).toBe(wallet.address);
    expect(verify({ addressText: wallet.address, message, signature1: signText(wallet, message) }).grade).toBe(
      'address-bound',
    );
  });
});

describe("OKX's own envelope", () => {
  const okc = testNetwork(66, { bech32: 'ex', okxEnvelope: true });
  const body = Buffer.from(MESSAGE, 'utf8');
  const envelope = Buffer.concat([
    Buffer.from('\x14OKX Signed Message:\n', 'latin1'),
    Buffer.from([body.length]),
    body,
  ]);
  const signature1 = wallet.signingKey.sign(keccak256(envelope)).serialized;
  const cells = { addressText: wallet.address, message: MESSAGE, signature1 };

  it('counts on the chains whose params say so only, whatever was seen before', () => {
    const fits = { grade: 'address-bound', scheme: 'okx-ecdsa', flags: ['message-variant:okx-envelope'] };
    expect(verify(cells, okc)).toMatchObject(fits);
    expect(verify(cells)).toMatchObject({ grade: 'invalid', reason: expect.stringContaining("OKX's own envelope") });
    expect(verify({ ...cells, signature1: signText(wallet, MESSAGE) }, okc).grade).toBe('address-bound');
    expect(verify(cells, okc)).toMatchObject(fits);
    expect(verify({ ...cells, message: `${MESSAGE}!` }, okc).grade).toBe('invalid');
  });
});

describe('signature spellings', () => {
  const signature = signText(wallet, MESSAGE);
  const body = signature.slice(2, 130);
  const zeroV = signature.slice(-2) === '1b' ? '00' : '01';

  it('takes 0, 1, 27, 28 as the recovery byte, and hex without 0x', () => {
    expect(row(`0x${body}${zeroV}`)).toMatchObject({ grade: 'address-bound', flags: [] });
    expect(row(signature.slice(2))).toMatchObject({ grade: 'address-bound', flags: [] });
    expect(row(`0x${body.toUpperCase()}${zeroV}`).grade).toBe('address-bound');
  });

  it.each(['02', '03', '1a', '1d', '1e', '1f', '22', '25', '26', 'ff'])('refuses the recovery byte %s', (v) => {
    const verdict = row(`0x${body}${v}`);
    expect(verdict).toMatchObject({
      grade: 'invalid',
      reason: expect.stringContaining(`recovery byte ${Number.parseInt(v, 16)}`),
    });
  });

  it('flags EIP-2098 and high s as non-canonical', () => {
    const { r, yParityAndS, s, yParity } = wallet.signingKey.sign(hashMessage(MESSAGE));
    expect(row(`${r}${yParityAndS.slice(2)}`)).toMatchObject({ grade: 'address-bound', flags: ['non-canonical'] });
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const high = (order - BigInt(s)).toString(16).padStart(64, '0');
    expect(row(`${r}${high}${yParity === 0 ? '1c' : '1b'}`)).toMatchObject({
      grade: 'address-bound',
      flags: ['non-canonical'],
    });
  });

  it('flags an address that is spelled with 0X, signed or not, and counts it as the same', () => {
    const addressText = `0X${wallet.address.slice(2)}`;
    expect(row(signature, { addressText })).toMatchObject({ grade: 'address-bound', flags: ['non-canonical'] });
    expect(row('', { addressText })).toMatchObject({ grade: 'listed', flags: ['non-canonical'] });
    expect(row(`${signature}00`, { addressText })).toMatchObject({ grade: 'invalid', flags: [] });
  });

  it.each([
    ['an odd digit', `${signature}0`, /odd number/],
    ['a trailing byte', `${signature}00`, /66 bytes/],
    ['a missing byte', signature.slice(0, -4), /./],
    ['a blank', `${signature.slice(0, 20)} ${signature.slice(20)}`, /blanks/],
    ['a line end', `${signature}\n`, /blanks/],
    ['a letter', `${signature.slice(0, -1)}g`, /not hex/],
    ['0X', `0X${signature.slice(2)}`, /not hex/],
    ['nothing behind 0x', '0x', /0 bytes/],
    ['base64', Buffer.from(signature.slice(2), 'hex').toString('base64'), /not hex/],
    ['r = s = 0', `0x${'00'.repeat(64)}1b`, /not made by/],
    ['r = n', `0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141${body.slice(64)}1b`, /not made by/],
  ])('refuses %s', (_what, text, reason) => {
    const verdict = row(text);
    expect(verdict.grade).toBe('invalid');
    expect(verdict.reason).toMatch(reason);
  });

  it('never throws and never binds on random text', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789abcdefx'), maxLength: 140 })),
        (text) => {
          expect(['invalid', 'listed', 'undecided']).toContain(row(text).grade);
          parseEvmSignature(text);
        },
      ),
    );
  });
});

describe('rows', () => {
  it('are listed without a signature, invalid with half a proof', () => {
    expect(verify({ addressText: wallet.address, message: MESSAGE }).grade).toBe('listed');
    expect(verify({ addressText: wallet.address, signature1: signText(wallet, MESSAGE) }).grade).toBe('invalid');
    expect(verify({ addressText: wallet.address, message: MESSAGE, signature2: signText(wallet, MESSAGE) }).grade).toBe(
      'invalid',
    );
  });

  it('need an address of their chain', () => {
    const good = signText(wallet, MESSAGE);
    for (const addressText of [
      'not-an-address',
      `${wallet.address}00`,
      `0x${'ab'.repeat(48)}`,
      wallet.address.replace('E', 'e'),
    ]) {
      expect(row(good, { addressText })).toMatchObject({
        grade: 'invalid',
        reason: expect.stringContaining('address'),
      });
    }
  });

  it('leave other schemes undecided', () => {
    expect(row(`0x${'00'.repeat(96)}${'6492'.repeat(16)}`)).toMatchObject({ grade: 'undecided', scheme: 'erc-6492' });
    const validator = { addressText: `0x${'11'.repeat(48)}`, label: 'BETH' };
    expect(row(`0x${'ab'.repeat(96)}`, validator)).toMatchObject({ grade: 'undecided', scheme: 'bls12-381' });
  });

  it('say what would have matched, without accepting it', () => {
    const hint = (signed: string, published: string, sign = signText) =>
      verify({ addressText: wallet.address, message: published, signature1: sign(wallet, signed) });
    expect(hint('a\nb', 'a\r\nb')).toMatchObject({ grade: 'invalid', reason: expect.stringContaining('LF line ends') });
    expect(hint('a\r\nb', 'a\nb', signRaw).reason).toContain('CRLF line ends');
    expect(hint(MESSAGE, `${MESSAGE} `, signDigest32).reason).toContain('without the blanks');
    expect(hint(`${MESSAGE}\n`, MESSAGE).reason).toContain('line end after it');
    expect(hint('é', 'e\u0301').reason).toContain('NFC');
    expect(hint('x', 'y').reason).not.toContain('would fit');
  });
});

describe('owner columns', () => {
  const good = signText(wallet, MESSAGE);
  const address = '0x28c6c06298d514db089934071355e5743bf21d60';
  const owned = (more: Partial<OwnershipProof>) =>
    verify({ addressText: address, message: MESSAGE, signature1: good, owner1: wallet.address, ...more });

  it('bind to the owner, never to the address', () => {
    expect(owned({})).toMatchObject({ grade: 'owner-bound', scheme: 'evm-text', flags: [] });
    expect(owned({ owner1: other.address }).grade).toBe('invalid');
    expect(owned({ owner1: 'nobody' }).reason).toContain('owner1');
    expect(owned({ addressText: 'nonsense' }).grade).toBe('invalid');
    expect(owned({ addressText: wallet.address }).grade).toBe('address-bound');
  });

  it('need both signatures, in order, where two owners are named', () => {
    const second = signDigest32(other, MESSAGE);
    expect(owned({ owner2: other.address, signature2: second })).toMatchObject({
      grade: 'owner-bound',
      flags: ['message-variant:digest32'],
    });
    expect(owned({ owner2: other.address, signature2: second, signature1: second }).grade).toBe('invalid');
    expect(owned({ owner2: other.address, signature2: good }).grade).toBe('invalid');
    expect(owned({ owner2: other.address }).grade).toBe('invalid');
    expect(owned({ owner1: null, owner2: other.address, addressText: wallet.address }).grade).toBe('address-bound');
  });

  it('flag one account that is named twice', () => {
    const verdict = owned({ owner2: wallet.address.toLowerCase(), signature2: good });
    expect(verdict).toMatchObject({ grade: 'owner-bound', flags: ['duplicate-signer'] });
    expect(verdict.reason).toContain('one account');
  });

  it('take a validator key as the address of staking rows only', () => {
    const addressText = `0x${'ab'.repeat(48)}`;
    expect(owned({ addressText, rowType: 'Native ETH Staking' }).grade).toBe('owner-bound');
    expect(owned({ addressText, rowType: 'Non Staking ' }).grade).toBe('invalid');
    expect(owned({ addressText }).grade).toBe('invalid');
    expect(owned({ addressText: `${addressText}00`, rowType: 'Native ETH Staking' }).grade).toBe('invalid');
    expect(owned({ addressText, rowType: 'Native ETH Staking', owner1: null }).grade).toBe('invalid');
  });

  it('do not ask the EigenPod for a signature, but check one that is there', () => {
    const pod = { addressText: `0x${'ab'.repeat(48)}`, rowType: 'Eigenlayer Staking', owner2: other.address };
    expect(owned(pod).grade).toBe('owner-bound');
    expect(owned({ ...pod, signature2: good }).grade).toBe('invalid');
  });
});

const VECTORS = '../shared/vectors/ownership.json';
interface Vector extends Record<string, string | undefined> {
  readonly id: string;
  readonly expect: string;
}

describe.skipIf(!existsSync(VECTORS))(`shared vectors (${VECTORS}; skipped where absent)`, () => {
  // biome-ignore lint/style/noRestrictedGlobals: test data without amounts
  const vectors: Vector[] = existsSync(VECTORS) ? JSON.parse(readFileSync(VECTORS, 'utf8')) : [];
  const networks: Record<string, ReturnType<typeof testNetwork>> = {
    ETH: ethereum,
    FIL: testNetwork(314, { addressForms: ['f410', 'hex'] }),
    OKC: testNetwork(66, { bech32: 'ex', okxEnvelope: true }),
    ONE: testNetwork(1666600000, { bech32: 'one', okxEnvelope: true }),
  };
  const proofOf = (vector: Vector): OwnershipProof =>
    testProof({
      label: vector['asset'] ?? '',
      network: vector['network'] ?? null,
      addressText: vector['address'] ?? '',
      message: vector['message'] ?? null,
      signature1: vector['signature1'] ?? null,
      signature2: vector['signature2'] ?? null,
      scriptOrPubkey: vector['script_or_pubkey'] ?? null,
      owner1: vector['owner1'] ?? null,
      owner2: vector['owner2'] ?? null,
      rowType: vector['row_type'] ?? null,
    });
  const PROVEN: Record<string, string> = { address: 'address-bound', owner: 'owner-bound', key: 'key-only' };

  it.each(['okx-evm', 'okx-evm-owner', 'eip191', 'htx-evm', 'okx-ecdsa'])('%s: right on every one', (scheme) => {
    const isHere = (vector: Vector) => scheme !== 'okx-ecdsa' || ['OKC', 'ONE'].includes(vector['network'] ?? '');
    const mine = vectors.filter((vector) => vector['scheme'] === scheme && isHere(vector));
    expect(mine.length).toBeGreaterThan(0);
    for (const vector of mine) {
      const { grade } = evmOwnership.verify(proofOf(vector), networks[vector['network'] as string] ?? ethereum);
      if (vector.expect === 'valid')
        expect([vector.id, grade]).toEqual([vector.id, PROVEN[vector['binding'] as string]]);
      else expect([vector.id, Object.values(PROVEN).includes(grade)]).toEqual([vector.id, false]);
    }
  });
});
