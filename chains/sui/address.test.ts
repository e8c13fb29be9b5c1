import { describe, expect, it } from 'vitest';
import { fromHex, leadsTo, spelled } from '../../test/fixtures/keyed-address.ts';
import { decodeSuiAddress, suiAddressOf } from './address.ts';
import { PERSONAL_FORMAT, readSuiSignature } from './personal-message.ts';

// A row that OKX's own tool is tested with.
const KEY = fromHex('4b4c3343b6c3efcd579cd6d6877d5a953166f19825d595296fec109d1f5e0950');
const ADDRESS = '0xdf7c04c9bebf4b35bd8c66a92469f0b66cf77ce8586b6262709a897659f4e772';

describe('a Sui address', () => {
  it('is the hash of flag and key', () => {
    expect(suiAddressOf(KEY)).toBe(ADDRESS);
    expect(leadsTo(KEY, decodeSuiAddress(ADDRESS))).toBe(true);
    expect(spelled(decodeSuiAddress(`0x${ADDRESS.slice(2).toUpperCase()}`))).toBe(ADDRESS);
  });
  it.each(['', '0x2', ADDRESS.slice(2), ADDRESS.slice(0, -1), `${ADDRESS}0`, ` ${ADDRESS}`])('is not %j', (text) =>
    expect(decodeSuiAddress(text).ok).toBe(false),
  );
});

describe('a Sui signature', () => {
  const cell = (...parts: readonly number[]) => Buffer.from(parts).toString('base64');
  const body = Array.from({ length: 96 }, (_, at) => at);
  it('of 97 bytes carries its key', () => {
    expect(readSuiSignature(cell(0, ...body))).toMatchObject({ kind: 'signature', key: Buffer.from(body.slice(64)) });
    expect(readSuiSignature(`0x${Buffer.from(body.slice(0, 64)).toString('hex')}`)).toMatchObject({ key: null });
  });
  it.each([
    [1, 'secp256k1'],
    [2, 'secp256r1'],
    [3, 'multisig'],
    [5, 'zkLogin'],
    [6, 'passkey'],
  ])('with flag %i is of %s, which is not verified', (flag, scheme) => {
    expect(readSuiSignature(cell(flag, ...body, 0))).toMatchObject({
      ...{ kind: 'unsupported', reason: expect.stringContaining(scheme) },
    });
  });
  it.each([cell(0, ...body, 0), cell(4, ...body), cell(...body), cell(0, ...body).slice(0, -1), ''])(
    'is not %j',
    (text) => expect(readSuiSignature(text).kind).toBe('malformed'),
  );
  it('writes long messages with a count of several bytes', () => {
    const texts = ['a'.repeat(127), 'a'.repeat(128), 'a'.repeat(16_384)].map((text) => PERSONAL_FORMAT.bytes(text));
    expect(texts.map((digest) => digest.length)).toEqual([32, 32, 32]);
    expect(new Set(texts.map((digest) => Buffer.from(digest).toString('hex'))).size).toBe(3);
  });
});
