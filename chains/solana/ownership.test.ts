import { existsSync, readFileSync } from 'node:fs';
import { ed25519 } from '@noble/curves/ed25519.js';
import { base58, base64, base64url } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OwnershipProof } from '../../src/domain/ownership.ts';
import { parseJson } from '../../src/lib/json.ts';
import { solanaTestNetwork } from '../../test/fakes/solana-network.ts';
import { parseSolanaAddress } from './address.ts';
import { solanaOwnership } from './ownership.ts';

const VECTORS = '../shared/vectors/ownership.json';
const BOUND = ['address-bound', 'owner-bound', 'key-only', 'owner-confirmed'];

const seedOf = (n: number): Uint8Array => new Uint8Array(32).fill(n);
const keyOf = (n: number): Uint8Array => ed25519.getPublicKey(seedOf(n));
const addressOf = (n: number): string => base58.encode(keyOf(n));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const signRaw = (n: number, text: string): Uint8Array => ed25519.sign(utf8(text), seedOf(n));
/** The OKX envelope for messages of fewer than 253 bytes, spelled out: 0x14, header, length, text. */
const signOkx = (n: number, text: string): Uint8Array =>
  ed25519.sign(
    Buffer.concat([Buffer.from([0x14]), utf8('OKX Signed Message:\n'), Buffer.from([utf8(text).length]), utf8(text)]),
    seedOf(n),
  );

const proof = (cells: Partial<OwnershipProof>): OwnershipProof => ({
  label: 'SOL',
  network: null,
  addressText: addressOf(1),
  message: 'I am an OKX address',
  signature1: null,
  signature2: null,
  scriptOrPubkey: null,
  owner1: null,
  owner2: null,
  rowType: null,
  ...cells,
});
const grade = (cells: Partial<OwnershipProof>) => solanaOwnership.verify(proof(cells), solanaTestNetwork());
const MESSAGE = 'I am an OKX address';
const raw = signRaw(1, MESSAGE);

interface Vector {
  readonly id: string;
  readonly scheme: string;
  readonly asset: string;
  readonly network: string;
  readonly address: string;
  readonly message?: string;
  readonly signature1?: string;
  readonly signature2?: string;
  readonly script_or_pubkey?: string;
  readonly owner1?: string;
  readonly owner2?: string;
  readonly expect: 'valid' | 'invalid';
  readonly binding?: string;
}

function readVectors(): readonly Vector[] {
  const parsed = parseJson(readFileSync(VECTORS, 'utf8'));
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value as unknown as readonly Vector[];
}

describe.skipIf(!existsSync(VECTORS))(`Solana rows of ${VECTORS} (skipped where the file is absent)`, () => {
  const all: readonly Vector[] = existsSync(VECTORS) ? readVectors() : [];
  const ours = all.filter((v) => v.scheme === 'sol-raw' || (v.scheme === 'okx-ed25519' && v.network === 'SOL'));
  it('are there', () => expect(ours.length).toBeGreaterThan(10));
  it.each(ours.map((vector) => [vector.id, vector] as const))('%s', (_id, v) => {
    const { grade: got, reason } = grade({
      label: v.asset,
      network: v.network,
      addressText: v.address,
      message: v.message ?? null,
      signature1: v.signature1 ?? null,
      signature2: v.signature2 ?? null,
      scriptOrPubkey: v.script_or_pubkey ?? null,
      owner1: v.owner1 ?? null,
      owner2: v.owner2 ?? null,
    });
    if (v.expect === 'valid') expect(got).toBe(v.binding === 'address' ? 'address-bound' : 'owner-bound');
    else {
      expect(BOUND).not.toContain(got);
      expect(reason).not.toBeNull();
    }
  });
});

describe('a signed Solana row', () => {
  it.each([
    ['base58', base58.encode(raw)],
    ['base64', base64.encode(raw)],
    ['hex', hex(raw)],
    ['0x hex, upper case', `0x${hex(raw).toUpperCase()}`],
  ])('is address-bound by a raw signature in %s', (_name, signature1) => {
    expect(grade({ signature1 })).toEqual({ grade: 'address-bound', scheme: 'ed25519-raw', reason: null, flags: [] });
  });

  it('is address-bound by the OKX envelope, with the variant flagged, and with or without its public key', () => {
    const signature1 = hex(signOkx(1, MESSAGE));
    const expected = {
      grade: 'address-bound',
      scheme: 'ed25519-okx',
      reason: null,
      flags: ['message-variant:okx-envelope'],
    };
    expect(grade({ signature1, scriptOrPubkey: hex(keyOf(1)) })).toEqual(expected);
    expect(grade({ signature1, scriptOrPubkey: `0x${hex(keyOf(1))}` })).toEqual(expected);
    expect(grade({ signature1 })).toEqual(expected);
  });

  it('counts bytes, not characters, and writes lengths of 253 and more in three bytes', () => {
    const message = 'ö'.repeat(150);
    const body = utf8(message);
    const bytes = Buffer.concat([
      Buffer.from([0x14]),
      utf8('OKX Signed Message:\n'),
      Buffer.from([0xfd, body.length & 255, body.length >> 8]),
      body,
    ]);
    const signature1 = hex(ed25519.sign(bytes, seedOf(1)));
    expect(grade({ message, signature1 }).grade).toBe('address-bound');
  });

  it('needs every cell as it was: one changed character of message or address, one changed bit of signature', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.string({ minLength: 1 }), fc.nat(511), (n, message, bit) => {
        const signature = signRaw(n, message);
        const good = { addressText: addressOf(n), message, signature1: base64.encode(signature) };
        expect(grade(good).grade).toBe('address-bound');
        const flipped = Uint8Array.from(signature);
        flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(grade({ ...good, signature1: base64.encode(flipped) }).grade).toBe('invalid');
        expect(grade({ ...good, message: `${message}!` }).grade).toBe('invalid');
        expect(grade({ ...good, addressText: addressOf(n + 1) }).grade).toBe('invalid');
      }),
      { numRuns: 60 },
    );
  });
});

describe('a row that does not hold', () => {
  it.each<[string, Partial<OwnershipProof>, RegExp]>([
    ['blanks around the signature', { signature1: ` ${base64.encode(raw)}` }, /without its blanks it would fit/],
    ['a line end after the signature', { signature1: `${base58.encode(raw)}\n` }, /without its blanks it would fit/],
    [
      'base64 without padding',
      { signature1: base64.encode(raw).replace(/=/g, '') },
      /base64 with padding it would fit/,
    ],
    ['65 bytes', { signature1: `${hex(raw)}00` }, /130 digits/],
    ['63 bytes', { signature1: hex(raw).slice(2) }, /126 digits/],
    ['an odd hex digit', { signature1: `${hex(raw)}0` }, /129 digits/],
    ['0X', { signature1: `0X${hex(raw)}` }, /lower-case 0x it would fit/],
    ['a trailing blank in the message', { message: `${MESSAGE} `, signature1: hex(raw) }, /without blanks around it/],
    ['no message', { message: null, signature1: hex(raw) }, /no message/],
    ['a lone surrogate', { message: 'a\ud800', signature1: hex(signRaw(1, 'a\ufffd')) }, /well-formed/],
    ['a signed line end', { signature1: hex(signRaw(1, `${MESSAGE}\n`)) }, /the message and a line end/],
    ['the public key of another', { signature1: hex(raw), scriptOrPubkey: hex(keyOf(2)) }, /no signature fits/],
    [
      'another key that did sign',
      { signature1: hex(signRaw(2, MESSAGE)), scriptOrPubkey: hex(keyOf(2)) },
      /the signature fits that key/,
    ],
    ['a public key of 31 bytes', { signature1: hex(raw), scriptOrPubkey: hex(keyOf(1)).slice(2) }, /not 32 bytes/],
    ['an address with blanks', { addressText: ` ${addressOf(1)}`, signature1: hex(raw) }, /blanks around/],
    ['an address in lower case', { addressText: addressOf(1).toLowerCase(), signature1: hex(raw) }, /./],
    ['an EVM address', { addressText: `0x${'ab'.repeat(20)}`, signature1: hex(raw) }, /base58/],
    ['the system program', { addressText: '1'.repeat(32), signature1: hex(raw) }, /small order/],
  ])('%s is invalid and says why', (_name, cells, why) => {
    const got = grade(cells);
    expect(got.grade).toBe('invalid');
    expect(got.reason).toMatch(why);
  });

  it('never takes the forgery that fits a key of small order for every message', () => {
    const identity = base58.encode(Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0)));
    const forged = Buffer.concat([ed25519.Point.BASE.toBytes(), Buffer.from([1]), Buffer.alloc(31)]);
    expect(grade({ addressText: identity, signature1: hex(forged) }).grade).toBe('invalid');
    expect(grade({ owner1: identity, signature1: hex(forged) }).grade).toBe('invalid');
  });

  it('base64 with stray bits in its last digit is refused', () => {
    const text = base64.encode(raw);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const stray = `${text.slice(0, 85)}${alphabet[alphabet.indexOf(text[85] as string) + 1]}==`;
    expect(grade({ signature1: stray }).grade).toBe('invalid');
    const urlSafe = base64url.encode(raw);
    if (urlSafe !== text) expect(grade({ signature1: urlSafe }).grade).toBe('invalid');
  });
});

describe('owners', () => {
  it('bind the row to the owner that signed', () => {
    const got = grade({ owner1: addressOf(2), signature1: hex(signRaw(2, MESSAGE)) });
    expect([got.grade, got.scheme]).toEqual(['owner-bound', 'ed25519-raw']);
    const okx = { owner1: addressOf(2), signature1: hex(signOkx(2, MESSAGE)), scriptOrPubkey: hex(keyOf(2)) };
    expect(grade(okx).grade).toBe('owner-bound');
    expect(grade({ ...okx, scriptOrPubkey: hex(keyOf(1)) }).grade).toBe('invalid');
  });
  it('must have signed themselves: the address cannot vouch for the owner', () => {
    const got = grade({ owner1: addressOf(2), signature1: hex(raw) });
    expect(got.grade).toBe('invalid');
    expect(got.reason).toMatch(/fits the address itself/);
  });
  it('who are the address itself make it address-bound', () => {
    expect(grade({ owner1: addressOf(1), signature1: hex(raw) }).grade).toBe('address-bound');
  });
  it('both sign where both signatures are given', () => {
    const two = { owner1: addressOf(2), owner2: addressOf(3), signature1: hex(signRaw(2, MESSAGE)) };
    expect(grade({ ...two, signature2: hex(signRaw(3, MESSAGE)) }).grade).toBe('owner-bound');
    expect(grade({ ...two, signature2: hex(signRaw(4, MESSAGE)) }).grade).toBe('invalid');
    expect(grade(two).reason).toMatch(/owner2 has not signed/);
    const same = { owner1: addressOf(2), owner2: addressOf(2), signature1: hex(signRaw(2, MESSAGE)) };
    expect(grade({ ...same, signature2: same.signature1 }).flags).toContain('duplicate-signer');
  });
});

describe('an unsigned row', () => {
  it('is listed, or invalid where its address is none', () => {
    expect(grade({}).grade).toBe('listed');
    expect(grade({ message: null }).grade).toBe('listed');
    expect(grade({ addressText: 'nonsense' }).grade).toBe('invalid');
    expect(grade({ signature2: hex(raw) }).grade).toBe('undecided');
  });
});

describe('parseSolanaAddress', () => {
  it('takes base58 of exactly 32 bytes and gives back the same text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 30, maxLength: 34 }), (bytes) => {
        const text = base58.encode(bytes);
        expect(parseSolanaAddress(text)).toMatchObject(bytes.length === 32 ? { ok: true, value: text } : { ok: false });
      }),
    );
  });
});
