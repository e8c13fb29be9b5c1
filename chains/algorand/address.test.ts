import { describe, expect, it } from 'vitest';
import { fromHex, leadsTo } from '../../test/fixtures/keyed-address.ts';
import { algorandAddressOf, decodeAlgorandAddress } from './address.ts';

// Algorand's zero address; the other pair is a generated vector.
const ZERO = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAY5HFKQ';

describe('an Algorand address', () => {
  it('is its key and a checksum', () => {
    expect(algorandAddressOf(new Uint8Array(32))).toBe(ZERO);
    const key = fromHex('245e37c4f9a6cf057baa5e530d4429cee1b088557165428d0937dbc8f4b07e7d');
    const address = 'ERPDPRHZU3HQK65KLZJQ2RBJZ3Q3BCCVOFSUFDIJG7N4R5FQPZ6UCJHGDY';
    expect(algorandAddressOf(key)).toBe(address);
    expect(leadsTo(key, decodeAlgorandAddress(address))).toBe(true);
  });
  it.each([
    '',
    ZERO.toLowerCase(),
    `${ZERO.slice(0, -1)}R`,
    ZERO.slice(1),
    `${ZERO}A`,
    `B${ZERO.slice(1)}`,
    `${ZERO}======`,
    ` ${ZERO}`,
  ])('is not %j', (text) => expect(decodeAlgorandAddress(text).ok).toBe(false));
});
