import { hex } from '@scure/base';
import { payments } from 'bitcoinjs-lib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyFromLabel, multisigScript, publicKey } from '../../demo/sign-utxo.ts';
import { compactSize, okxEnvelopeDigest } from '../../src/lib/okx-envelope.ts';
import { signedMessageDigest, varString } from './message.ts';
import { parseMultisig, readScriptCell } from './script.ts';
import { readSignature } from './signature.ts';

const keys = Array.from({ length: 16 }, (_none, index) => publicKey(keyFromLabel(`key ${index}`), index % 3 !== 0));

describe('multisig scripts', () => {
  const shape = fc.integer({ min: 1, max: 16 }).chain((n) => fc.tuple(fc.integer({ min: 1, max: n }), fc.constant(n)));
  it('are read as bitcoinjs-lib reads them', () => {
    fc.assert(
      fc.property(shape, ([m, n]) => {
        const script = multisigScript(m, keys.slice(0, n));
        const theirs = payments.p2ms({ output: script });
        expect(parseMultisig(script)).toEqual({ ok: true, value: { threshold: theirs.m, keys: theirs.pubkeys } });
      }),
    );
  });
  it('are refused when a byte is cut off, added, or the counts are wrong', () => {
    fc.assert(
      fc.property(shape, fc.nat(), ([m, n], at) => {
        const script = multisigScript(m, keys.slice(0, n));
        expect(parseMultisig(script.slice(0, at % script.length)).ok).toBe(false);
        expect(parseMultisig(Uint8Array.of(...script, 0)).ok).toBe(false);
        if (n < 16) expect(parseMultisig(multisigScript(n + 1, keys.slice(0, n))).ok).toBe(false);
        const miscounted = script.slice();
        miscounted[script.length - 2] = 0x50 + (n === 16 ? 15 : n + 1);
        expect(parseMultisig(miscounted).ok).toBe(false);
      }),
    );
  });
  it('never throw', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void parseMultisig(bytes)));
  });
});

describe('the script column', () => {
  it('tells keys, scriptPubKeys and scripts apart', () => {
    const key = hex.encode(keys[1] as Uint8Array);
    expect(readScriptCell(null).kind).toBe('none');
    expect(readScriptCell(key).kind).toBe('public-key');
    expect(readScriptCell(`0x${key.toUpperCase()}`).kind).toBe('public-key');
    expect(readScriptCell(`76a914${'00'.repeat(20)}88ac`).kind).toBe('script-pubkey');
    expect(readScriptCell(hex.encode(multisigScript(2, keys.slice(0, 3)))).kind).toBe('script');
    for (const text of ['xyz', 'abc', '{"a":1}', '0x']) expect(readScriptCell(text).kind).toBe('unreadable');
  });
});

describe('message digests', () => {
  it('count bytes, not characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const bytes = Buffer.from(text, 'utf8');
        const whole = varString(text);
        const prefix = compactSize(bytes.length);
        expect(whole.slice(0, prefix.length)).toEqual(prefix);
        expect(Buffer.compare(whole.slice(prefix.length), bytes)).toBe(0);
      }),
    );
  });
  it('have CompactSize of 1, 3 and 5 bytes', () => {
    const sizes = [0, 252, 253, 65_535, 65_536, 4_294_967_295].map((count) => hex.encode(compactSize(count)));
    expect(sizes).toEqual(['00', 'fc', 'fdfd00', 'fdffff', 'fe00000100', 'feffffffff']);
    expect(() => compactSize(2 ** 32)).toThrow(RangeError);
  });
  it('differ by header and by envelope', () => {
    const digests = [
      signedMessageDigest('Bitcoin Signed Message:\n', 'a'),
      signedMessageDigest('Zcash Signed Message:\n', 'a'),
    ];
    expect(new Set([...digests, okxEnvelopeDigest('a')].map((digest) => hex.encode(digest))).size).toBe(3);
  });
});

describe('signature cells', () => {
  const good = 'IDtG3XPLpiKOp4PjTzCo/ng8gm4MFTTyHeh/DaPC1XYsYaj5Jr4h8dnxmwuJtNkPkH40rEfnrrO8fgZKNOIF5iM=';
  it('are one spelling of 65 bytes', () => {
    expect(readSignature(good)).toMatchObject({ kind: 'bip137', header: 32, recoveryId: 1 });
    const reason = (text: string) => readSignature(text);
    expect(reason(`${good}\n`)).toMatchObject({ kind: 'malformed', reason: expect.stringContaining('line end') });
    expect(reason(good.slice(0, -1))).toMatchObject({ reason: expect.stringContaining('padding') });
    expect(reason(`${good.slice(0, -2)}N=`)).toMatchObject({ kind: 'malformed' });
    expect(reason(good.replaceAll('/', '_'))).toMatchObject({ reason: expect.stringContaining('URL alphabet') });
    expect(reason('ab'.repeat(65))).toMatchObject({ reason: expect.stringContaining('hex without 0x') });
    expect(reason('AAAA')).toMatchObject({ kind: 'malformed', reason: expect.stringContaining('3 bytes') });
    expect(reason(`0x${'00'.repeat(65)}`)).toMatchObject({ reason: expect.stringContaining('v = 0') });
  });
  it('never throw, and never read anything but 64 bytes of r and s', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
        const cell = readSignature(text);
        if ('rs' in cell) expect(cell.rs.length).toBe(64);
      }),
    );
  });
});
