import { secp256k1 } from '@noble/curves/secp256k1.js';
import { ripemd160 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { base58 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import type { OwnershipProof } from '../../src/domain/ownership.ts';
import { parseEosKey } from './key-text.ts';
import { gradeEosRow } from './ownership.ts';

const [ONE, TWO] = [new Uint8Array(32).fill(0x11), new Uint8Array(32).fill(0x22)];
const MESSAGE = 'I am an OKX address, 2026-11-22';
const text = (body: Uint8Array, curve: string) =>
  base58.encode(
    Uint8Array.from([...body, ...ripemd160(Uint8Array.from([...body, ...Buffer.from(curve)])).subarray(0, 4)]),
  );
const keyOf = (secret: Uint8Array) => `EOS${text(secp256k1.getPublicKey(secret), '')}`;
const body = Buffer.from(MESSAGE);
const envelope = Buffer.concat([Buffer.from('\x14OKX Signed Message:\n', 'latin1'), Buffer.from([body.length]), body]);
const sign = (secret: Uint8Array, header = 31) => {
  const sealed = secp256k1.sign(sha256(envelope), secret, { prehash: false, format: 'recovered' });
  return `SIG_K1_${text(Uint8Array.from([header + (sealed[0] as number), ...sealed.subarray(1)]), 'K1')}`;
};
const verify = (cells: Partial<OwnershipProof>) =>
  gradeEosRow({
    label: 'EOS',
    network: 'EOS',
    addressText: 'okbwallet1tr',
    message: MESSAGE,
    signature1: sign(ONE),
    signature2: null,
    scriptOrPubkey: keyOf(ONE),
    owner1: null,
    owner2: null,
    rowType: null,
    ...cells,
  });

describe('EOS keys', () => {
  it('have two spellings with checksums (eosjs, README)', () => {
    const legacy = parseEosKey('EOS6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5GDW5CV');
    expect(legacy).toMatchObject({ ok: true });
    expect(parseEosKey('PUB_K1_6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5BoDq63')).toEqual(legacy);
    for (const wrong of [
      '6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5GDW5CV',
      'EOS6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5GDW5CW',
      'PUB_K1_6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5GDW5CV',
      'PUB_R1_6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5BoDq63',
    ]) {
      expect(parseEosKey(wrong)).toMatchObject({ ok: false });
    }
  });
});

describe('EOS rows', () => {
  it('are key-only at best: a name says nothing of keys', () => {
    expect(verify({})).toMatchObject({ grade: 'key-only', scheme: 'okx-eos' });
    expect(verify({ scriptOrPubkey: keyOf(TWO) }).grade).toBe('invalid');
    expect(verify({ message: `${MESSAGE}\n` })).toMatchObject({
      grade: 'invalid',
      reason: expect.stringContaining('without blanks'),
    });
    expect(verify({ scriptOrPubkey: null }).grade).toBe('undecided');
    expect(verify({ signature1: 'SIG_R1_abc' }).grade).toBe('undecided');
    expect(verify({ addressText: 'Upper' }).grade).toBe('invalid');
    expect(verify({ signature1: null }).grade).toBe('listed');
  });

  it('need a signature of each key that is named', () => {
    const scriptOrPubkey = `{"publicKey1":"${keyOf(ONE)}","publicKey2":"${keyOf(TWO)}"}`;
    expect(verify({ scriptOrPubkey, signature2: sign(TWO) }).grade).toBe('key-only');
    expect(verify({ scriptOrPubkey, signature1: sign(TWO), signature2: sign(ONE) }).grade).toBe('key-only');
    expect(verify({ scriptOrPubkey })).toMatchObject({ grade: 'partial' });
    expect(verify({ scriptOrPubkey, signature2: sign(ONE) })).toMatchObject({
      grade: 'partial',
      flags: expect.arrayContaining(['duplicate-signer']),
    });
    expect(verify({ scriptOrPubkey, signature2: 'SIG_K1_x' }).grade).toBe('invalid');
    for (const wrong of ['{}', '{', '{"publicKey1":5}', '{"publicKey1":"EOSx"}', '{"__proto__":{"publicKey1":"x"}}']) {
      expect(verify({ scriptOrPubkey: wrong }).grade).toBe('invalid');
    }
  });

  it.each([
    ['no prefix', sign(ONE).slice(7)],
    ['another checksum', `${sign(ONE).slice(0, -1)}${sign(ONE).endsWith('2') ? '3' : '2'}`],
    ['the header of an uncompressed key', sign(ONE, 27)],
    ['recovery id 2 or 3', sign(ONE, 33)],
  ])('refuse a signature with %s', (_what, signature1) => expect(verify({ signature1 }).grade).toBe('invalid'));
});
