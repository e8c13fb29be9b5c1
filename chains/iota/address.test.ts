import { bech32 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { fromHex, leadsTo, spelled } from '../../test/fixtures/keyed-address.ts';
import { decodeIotaAddress, iotaAddressOf } from './address.ts';

// One address in both spellings, from IOTA's documentation of Stardust addresses.
const STARDUST = 'iota1qrhacyfwlcnzkvzteumekfkrrwks98mpdm37cj4xx3drvmjvnep6xqgyzyx';
const REBASED = '0xefdc112efe262b304bcf379b26c31bad029f616ee3ec4aa6345a366e4c9e43a3';
const KEY = fromHex('61f579fc779146304353027b425a216d8015889c5f3b715ad26135b862f3bf84');
const stardust = (type: number) => bech32.encode('iota', bech32.toWords(Uint8Array.of(type, ...new Uint8Array(32))));

describe('an IOTA address', () => {
  it('is one in both ledgers', () => {
    expect(spelled(decodeIotaAddress(STARDUST))).toBe(REBASED);
    expect(spelled(decodeIotaAddress(`0x${REBASED.slice(2).toUpperCase()}`))).toBe(REBASED);
  });
  it('is the hash of its key', () => {
    expect(leadsTo(KEY, decodeIotaAddress(iotaAddressOf(KEY)))).toBe(true);
    expect(leadsTo(KEY, decodeIotaAddress(REBASED))).toBe(false);
    for (const type of [8, 16]) expect(decodeIotaAddress(stardust(type))).toMatchObject({ value: { kind: 'open' } });
  });
  it.each([
    '',
    REBASED.slice(2),
    `${STARDUST.slice(0, -1)}y`,
    STARDUST.slice(0, -1),
    stardust(1),
    '0x1',
    'A'.repeat(90),
  ])('is not %j', (text) => expect(decodeIotaAddress(text).ok).toBe(false));
});
