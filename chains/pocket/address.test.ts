import { bech32 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { fromHex, leadsTo, spelled } from '../../test/fixtures/keyed-address.ts';
import { decodePocketAddress, pocketAddressOf } from './address.ts';

const KEY = fromHex('61f579fc779146304353027b425a216d8015889c5f3b715ad26135b862f3bf84');
const SHANNON = bech32.encode('pokt', bech32.toWords(new Uint8Array(20)));

describe('a Pocket address', () => {
  it('of the first chain is the hash of its key', () => {
    expect(leadsTo(KEY, decodePocketAddress(pocketAddressOf(KEY)))).toBe(true);
    expect(leadsTo(KEY, decodePocketAddress('00'.repeat(20)))).toBe(false);
    expect(spelled(decodePocketAddress(pocketAddressOf(KEY).toUpperCase()))).toBe(pocketAddressOf(KEY));
  });
  it('of the second chain is no Ed25519 key’s', () => {
    expect(decodePocketAddress(SHANNON)).toMatchObject({ value: { kind: 'open', canonical: SHANNON } });
  });
  it.each([
    '',
    `0x${'00'.repeat(20)}`,
    '00'.repeat(19),
    `${SHANNON.slice(0, -1)}q`,
    bech32.encode('poke', bech32.toWords(new Uint8Array(20))),
  ])('is not %j', (text) => expect(decodePocketAddress(text).ok).toBe(false));
});
