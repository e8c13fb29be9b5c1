import { describe, expect, it } from 'vitest';
import { fromHex, leadsTo } from '../../test/fixtures/keyed-address.ts';
import { decodeStrkey, strkeyOf } from './address.ts';

// SEP-23's own examples: one account, also muxed, and a contract.
const KEY = fromHex('3f0c34bf93ad0d9971d04ccc90f705511c838aad9734a4a2fb0d7a03fc7fe89a');
const ACCOUNT = 'GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ';

describe('a strkey', () => {
  it('of an account is its key', () => {
    expect(strkeyOf(KEY)).toBe(ACCOUNT);
    expect(leadsTo(KEY, decodeStrkey(ACCOUNT))).toBe(true);
  });
  it('of a contract has no key', () => {
    expect(leadsTo(KEY, decodeStrkey('CA3D5KRYM6CB7OWQ6TWYRR3Z4T7GNZLKERYNZGGA5SOAOPIFY6YQGAXE'))).toMatch(/no key/);
  });
  it.each([
    'MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUQ',
    ACCOUNT.toLowerCase(),
    `${ACCOUNT.slice(0, -1)}A`,
    ACCOUNT.slice(1),
    `${ACCOUNT}A`,
    ` ${ACCOUNT}`,
    '',
    // SEP-23's invalid ones: unused bits set, a wrong version.
    'GAAAAAAAACGC6',
    'G47QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVP2I',
  ])('is not %j', (text) => expect(decodeStrkey(text).ok).toBe(false));
});
