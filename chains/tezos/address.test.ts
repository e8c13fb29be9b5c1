import { createBase58check } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { sha256Bytes } from '../../src/lib/hash.ts';
import { fromHex, leadsTo } from '../../test/fixtures/keyed-address.ts';
import { decodeTezosAddress, tz1Of } from './address.ts';

// Octez' development account bootstrap1: edpkuBknW28nW72KG6RoHtYW7p12T6GKc7nAbwYX5m8Wd9sDVC9yav.
const base58check = createBase58check((data: Uint8Array) => sha256Bytes(data));
const KEY = base58check.decode('edpkuBknW28nW72KG6RoHtYW7p12T6GKc7nAbwYX5m8Wd9sDVC9yav').slice(4);
const TZ1 = 'tz1KqTpEZ7Yob7QbPE4Hy4Wo8fHG8LhKxZSx';

describe('a Tezos address', () => {
  it('tz1 is the hash of its key', () => {
    expect(tz1Of(KEY)).toBe(TZ1);
    expect(leadsTo(KEY, decodeTezosAddress(TZ1))).toBe(true);
    expect(leadsTo(fromHex('00'.repeat(32)), decodeTezosAddress(TZ1))).toBe(false);
  });
  const of = (prefix: string) => base58check.encode(fromHex(`${prefix}${'11'.repeat(20)}`));
  it('tz2, tz3 and tz4 are of other curves, KT1 is a contract', () => {
    expect([of('06a1a1'), of('06a1a4'), of('06a1a6'), of('025a79')].map((text) => text.slice(0, 3))).toEqual([
      'tz2',
      'tz3',
      'tz4',
      'KT1',
    ]);
    for (const prefix of ['06a1a1', '06a1a4', '06a1a6'])
      expect(leadsTo(KEY, decodeTezosAddress(of(prefix)))).toMatch(/no Ed25519/);
    expect(decodeTezosAddress(of('025a79'))).toMatchObject({ value: { kind: 'open' } });
  });
  it.each(['', TZ1.toLowerCase(), `${TZ1.slice(0, -1)}y`, TZ1.slice(0, -1), ` ${TZ1}`, of('06a1a2')])(
    'is not %j',
    (text) => expect(decodeTezosAddress(text).ok).toBe(false),
  );
});
