import { bech32 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { fromHex, leadsTo, spelled } from '../../test/fixtures/keyed-address.ts';
import { decodeErdAddress, erdAddressOf } from './address.ts';

// The test wallet Alice of MultiversX' SDKs.
const KEY = fromHex('0139472eff6886771a982f3083da5d421f24c29181e63888228dc81ca60d69e1');
const ALICE = 'erd1qyu5wthldzr8wx5c9ucg8kjagg0jfs53s8nr3zpz3hypefsdd8ssycr6th';

describe('a MultiversX address', () => {
  it('is its key', () => {
    expect(erdAddressOf(KEY)).toBe(ALICE);
    expect(leadsTo(KEY, decodeErdAddress(ALICE))).toBe(true);
    expect(spelled(decodeErdAddress(ALICE.toUpperCase()))).toBe(ALICE);
  });
  it('of a contract has no key', () => {
    const contract = erdAddressOf(Uint8Array.of(...new Uint8Array(8), 5, ...new Uint8Array(23).fill(1)));
    expect(leadsTo(KEY, decodeErdAddress(contract))).toMatch(/no key/);
  });
  it.each([
    '',
    `${ALICE.slice(0, -1)}j`,
    `E${ALICE.slice(1)}`,
    ALICE.slice(0, -1),
    bech32.encode('erd', bech32.toWords(KEY.slice(1))),
    bech32.encode('ert', bech32.toWords(KEY)),
  ])('is not %j', (text) => expect(decodeErdAddress(text).ok).toBe(false));
});
