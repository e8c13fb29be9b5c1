import { describe, expect, it } from 'vitest';
import { fromHex, leadsTo, spelled } from '../../test/fixtures/keyed-address.ts';
import { decodeSiaAddress, siaAddressOf } from './address.ts';

const KEY = fromHex('61f579fc779146304353027b425a216d8015889c5f3b715ad26135b862f3bf84');
/** The void address: 32 zero bytes and their checksum, known from Sia's explorers. */
const VOID = '000000000000000000000000000000000000000000000000000000000000000089eb0d6a8a69';

describe('a Sia address', () => {
  it('has six bytes of checksum', () => expect(spelled(decodeSiaAddress(VOID))).toBe(VOID));
  it('is usually that of one key', () => {
    expect(leadsTo(KEY, decodeSiaAddress(siaAddressOf(KEY)))).toBe(true);
    expect(leadsTo(KEY, decodeSiaAddress(VOID))).toBe(false);
    expect(spelled(decodeSiaAddress(siaAddressOf(KEY).toUpperCase()))).toBe(siaAddressOf(KEY));
  });
  it.each(['', `${VOID.slice(0, -1)}8`, `1${VOID.slice(1)}`, VOID.slice(0, 64), `0x${VOID}`])('is not %j', (text) =>
    expect(decodeSiaAddress(text).ok).toBe(false),
  );
});
